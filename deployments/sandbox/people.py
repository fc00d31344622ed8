"""People of a company as its directory knows them: many cultures, namesakes, a house rule for addresses."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random

from deployments.sandbox.names.addresses import fold, free_local, unused
from deployments.sandbox.names.cultures import CULTURES, Culture

DOMAIN = "northwind.example"
RETIRED_DOMAIN = "northwind-traders.example"  # the company's name before; old addresses still arrive
COLUMNS = (
    "person_id",
    "user_name",
    "given_name",
    "family_name",
    "display_name",
    "primary_email",
    "aliases",
    "department",
    "title",
    "manager_id",
    "country",
    "kind",
    "status",
    "groups",
)
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "Paid Social": ("Media Buyer", "Paid Social Lead", "Performance Analyst", "Campaign Manager"),
    "Social Media": ("Community Manager", "Social Editor", "Content Planner", "Head of Social"),
    "Creative": ("Art Director", "Copywriter", "Motion Designer", "Producer"),
    "Client Services": ("Account Manager", "Account Director", "Project Manager"),
    "Data & Analytics": ("Data Analyst", "Tracking Engineer", "Analytics Lead"),
    "Finance": ("Accountant", "Controller", "Billing Specialist"),
    "People": ("Recruiter", "People Partner"),
    "IT": ("Systems Administrator", "Support Engineer", "Security Engineer"),
}
GUEST_DOMAINS = ("brightharbor.example", "lumen-studio.example", "papercut-films.test", "kestrel-pr.example")
PARTNER_DOMAINS = ("northwind-iberia.example", "northwind-nordics.example")


@dataclass(slots=True)
class Person:
    """One entry of the directory, and what only the sandbox knows of it (from `culture` on)."""

    person_id: str
    user_name: str
    given_name: str
    family_name: str
    display_name: str
    primary_email: str
    aliases: tuple[str, ...] = ()
    department: str = ""
    title: str = ""
    manager_id: str | None = None
    country: str = "DE"
    kind: str = "employee"  # employee, guest, local_partner
    status: str = "active"  # active, suspended, deprovisioned
    groups: tuple[str, ...] = ()
    culture: str = ""
    native_name: str | None = None  # in the person's own script
    hired_days_ago: int = 700
    left_days_ago: int | None = None

    def row(self) -> dict[str, object]:
        """Return the row of the directory file."""
        return {column: getattr(self, column) for column in COLUMNS}


def generate_people(
    rng: Random,
    n: int,
    domain: str = DOMAIN,
    retired_domain: str = RETIRED_DOMAIN,
    taken: set[str] | None = None,
    reserved: Iterable[tuple[str, str]] = (),
) -> list[Person]:
    """Return n people in order of hiring. Names may repeat; user names and addresses don't.

    `taken` holds the local parts that are in use and gets the new ones. Nobody gets a name of `reserved`:
    pairs of given and family names.
    """
    in_use = set() if taken is None else taken
    off_limits = frozenset(reserved)
    names = _names(rng, n, off_limits)
    people: list[Person] = []
    number = 1000
    for culture, given, family, native in names:
        number += rng.randint(1, 3)
        people.append(
            _person(rng, number, culture, (given, family, native), (domain, retired_domain), in_use, people)
        )
    return people


def _person(
    rng: Random,
    number: int,
    culture: Culture,
    name: tuple[str, str, str | None],
    domains: tuple[str, str],
    taken: set[str],
    earlier: list[Person],
) -> Person:
    given, family, native = name
    draw = rng.random()
    kind = "guest" if draw < 0.04 else "local_partner" if draw < 0.055 else "employee"
    department = rng.choice(_DEPARTMENT_NAMES)
    local = free_local(rng, given, family, taken)
    hired = int(rng.expovariate(1 / 1100)) + 20
    status, left = _employment(rng, hired)
    person = Person(
        person_id=f"{number:06d}" if kind == "employee" else f"{kind[0].upper()}{number:05d}",
        user_name="",
        given_name=given,
        family_name=family,
        display_name=_display_name(rng, given, family, native, department),
        primary_email="",
        department=department,
        title=rng.choice(DEPARTMENTS[department]),
        manager_id=_manager(rng, earlier),
        country=rng.choice(culture.countries.split()) if rng.random() < 0.7 else "DE",
        kind=kind,
        status=status,
        groups=_GROUPS[department] if kind == "employee" else _NO_GROUPS,
        culture=culture.label,
        native_name=native,
        hired_days_ago=hired,
        left_days_ago=left,
    )
    _give_addresses(rng, person, local, domains, taken)
    return person


def _employment(rng: Random, hired_days_ago: int) -> tuple[str, int | None]:
    """Return the status, and for the 8 % who left, how many days ago."""
    draw = rng.random()
    if draw < 0.08:
        return "deprovisioned", rng.randint(1, hired_days_ago)
    return ("suspended" if draw < 0.095 else "active"), None


_DEPARTMENT_NAMES = tuple(DEPARTMENTS)
_GROUPS = {department: ("All staff", department) for department in DEPARTMENTS}
_NO_GROUPS: tuple[str, ...] = ()


def _give_addresses(
    rng: Random, person: Person, local: str, domains: tuple[str, str], taken: set[str]
) -> None:
    """Fill in address, user name and aliases: unique, as a local part is one person's on all domains."""
    domain, retired = domains
    if person.kind == "employee":
        person.primary_email = f"{local}@{domain}"
    else:
        outside = GUEST_DOMAINS if person.kind == "guest" else PARTNER_DOMAINS
        person.primary_email = f"{local}@{rng.choice(outside)}"
    person.user_name = person.primary_email
    if person.kind != "employee":
        return
    aliases = []
    if person.hired_days_ago > 1500 and rng.random() < 0.6:  # who was here under the old name
        aliases.append(f"{local}@{retired}")
    first, last = fold(person.given_name) or "x", fold(person.family_name) or "x"
    other = f"{first}.{last}" if local != f"{first}.{last}" else f"{first[0]}{last}"
    if other not in taken and rng.random() < 0.2:
        taken.add(other)
        aliases.append(f"{other}@{domain}")
    person.aliases = tuple(aliases)
    if rng.random() < 0.25:  # signs in by a short name of the old kind
        short = unused(fold(person.family_name)[:5] + fold(person.given_name)[:2], taken)
        person.user_name = f"{short}@{domain}" if rng.random() < 0.5 else short


def _display_name(rng: Random, given: str, family: str, native: str | None, department: str) -> str:
    draw = rng.random()
    if native and draw < 0.35:
        return native if draw < 0.15 else f"{given} {family} ({native})"
    if draw < 0.78:
        return f"{given} {family}"
    if draw < 0.90:
        return f"{family}, {given}"
    return f"{given} {family} ({department})" if draw < 0.97 else f"{family}, {given} [{department}]"


def _manager(rng: Random, earlier: list[Person]) -> str | None:
    """Return somebody who was hired earlier, rather somebody who was hired early."""
    if not earlier:
        return None
    return earlier[int(len(earlier) * rng.random() ** 3)].person_id


def _names(
    rng: Random, n: int, off_limits: frozenset[tuple[str, str]]
) -> list[tuple[Culture, str, str, str | None]]:
    cultures = rng.choices(CULTURES, [culture.share for culture in CULTURES], k=n)
    return [_name(rng, culture, off_limits) for culture in cultures]


def _name(
    rng: Random, culture: Culture, off_limits: frozenset[tuple[str, str]]
) -> tuple[Culture, str, str, str | None]:
    given_names, given_weights, families, family_weights = _ranked(culture)
    while True:
        given, given_native = rng.choices(given_names, cum_weights=given_weights)[0]
        family, family_native = rng.choices(families, cum_weights=family_weights)[0]
        if (given, family) not in off_limits:
            break
    native = None
    if given_native and family_native:
        parts = (family_native, given_native) if culture.family_first else (given_native, family_native)
        native = culture.space.join(parts)
    return culture, given, family, native


@cache
def _ranked(
    culture: Culture,
) -> tuple[list[tuple[str, str]], list[float], list[tuple[str, str]], list[float]]:
    """Return given and family names with their own script, and cumulated frequencies (Zipf-Mandelbrot)."""
    given = [*_tokens(culture.given), *_compound(culture.given_stems, culture.given_endings)]
    families = [*_tokens(culture.families), *_compound(culture.stems, culture.endings)]
    return given, _zipf(len(given)), families, _zipf(len(families))


def _tokens(words: str) -> list[tuple[str, str]]:
    pairs = (word.replace("_", " ").partition("/") for word in words.split())
    return [(latin, native) for latin, _, native in pairs]


def _compound(stems: str, endings: str) -> list[tuple[str, str]]:
    """Return each stem with each ending, mixed, so that neighbours in rank don't share a stem."""
    heads, tails = _tokens(stems), _tokens(endings)
    both = [(i * 7 + j * 11, a, b) for i, a in enumerate(heads) for j, b in enumerate(tails)]
    both.sort(key=lambda one: (one[0] % 13, one[0], one[1], one[2]))
    return [(a + b, a_own + b_own if a_own and b_own else "") for _, (a, a_own), (b, b_own) in both]


def _zipf(size: int) -> list[float]:
    return list(accumulate(1 / (rank + 2.7) for rank in range(size)))
