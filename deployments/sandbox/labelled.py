"""A directory and members of whom it is known who each is: what matching is measured and tested with.

Every way that is known of writing a name differently, and every kind of address, each with its share. The
shares are assumptions; the measurements print precision and recall per way of writing as well.
"""

from collections import Counter
from dataclasses import dataclass
from random import Random

from deployments.sandbox.names.addresses import fold
from deployments.sandbox.people import DOMAIN, Person, generate_people
from deployments.sandbox.rare_names import enrich, give_rare_names
from deployments.sandbox.variants import (
    KIND_SHARES,
    KINDS,
    PERSONAL_DOMAINS,
    WAY_SHARES,
    WAYS,
    Name,
    first_family,
    opaque,
    personal,
)

LOOKALIKE_DOMAINS = ("northw1nd.example", "northwind-ads.example", "nortwind.example")
TEAMS = ("Ads Desk", "Paid Team", "Reporting", "Campaigns", "Creative Pool", "Billing", "Studio", "Support")


@dataclass(frozen=True, slots=True)
class Labelled:
    """What `hubroster link` takes, and who everybody truly is.

    members: one row per member: member_id, name, first_name, last_name, email (None: Meta hides it), role.
    directory: one row per person, as in a directory file.
    truth: one row per member: member_id, truth (match; none: not in the directory; ambiguous: several people
    are equally likely), person_id (of match and ambiguous), bearers (how many people are equally likely),
    variant ("way of writing/kind of address").
    """

    members: list[dict[str, object]]
    directory: list[dict[str, object]]
    truth: list[dict[str, object]]


def labelled(seed: int, people: int, members: int) -> Labelled:
    """Return a company of `people` and a hub of `members`; the same seed gives the same rows.

    Of the members 69 % are colleagues, 8 % left the company, 3 % are guests or partners, 16.5 % are not in
    the directory (some bear the name of somebody who is), and 3.5 % are shared accounts.
    """
    rng = Random(seed)  # noqa: S311 - a world, no secret
    staff = generate_people(rng, people)
    used: set[str] = set()
    for person in staff:
        enrich(rng, person, used)
    owned = {address for one in staff for address in (one.primary_email, one.user_name, *one.aliases)}
    if people >= 20:
        _let_more_go(rng, staff)
    agencies = [f"agency-{number}.example" for number in range(1, 3 + members // 60)]
    seats = [*_of_the_directory(rng, staff, members, owned), *_of_nobody(rng, staff, members, agencies)]
    rng.shuffle(seats)
    bearers = _bearers(staff)
    made = Labelled([], [person.row() for person in staff], [])
    for number, ((first, last), email, variant, whose) in enumerate(seats):
        member_id = str(10**14 + number * 7)
        role = "ADMIN" if rng.random() < 0.06 else "EMPLOYEE"
        made.members.append(
            {"member_id": member_id, "name": f"{first} {last}".strip(), "first_name": first or None,
             "last_name": last or None, "email": email, "role": role}
        )  # fmt: skip
        made.truth.append({"member_id": member_id, **_label(whose, variant, bearers), "variant": variant})
    return made


Seat = tuple[Name, str | None, str, Person | None]


def _let_more_go(rng: Random, staff: list[Person]) -> None:
    active = [one for one in staff if one.status == "active" and one.kind == "employee"]
    for person in rng.sample(active, len(active) // 40):
        person.status, person.left_days_ago = "deprovisioned", rng.randint(1, 400)


def _of_the_directory(rng: Random, staff: list[Person], members: int, owned: set[str]) -> list[Seat]:
    left = [one for one in staff if one.status == "deprovisioned"]
    guests = [one for one in staff if one.kind != "employee" and one.status != "deprovisioned"]
    here = [one for one in staff if one.kind == "employee" and one.status != "deprovisioned"]
    chosen = [
        *rng.sample(left, min(len(left), round(0.08 * members))),
        *rng.sample(guests, min(len(guests), round(0.03 * members))),
    ]
    chosen += rng.sample(here, min(len(here), round(0.80 * members) - len(chosen)))
    return [_seat(rng, person, owned) for person in chosen]


def _seat(rng: Random, person: Person, owned: set[str]) -> Seat:
    way = rng.choices(tuple(WAYS), WAY_SHARES)[0]
    kind = rng.choices(tuple(KINDS), KIND_SHARES)[0]
    name = WAYS[way](rng, person)
    if name == (person.given_name, person.family_name):
        way = "exact"
    email = KINDS[kind](rng, person)
    if email == person.primary_email:
        kind = "work"
    elif kind not in _TELLING and email in owned:  # nobody types a colleague's address
        email, kind = None, "none"
    return name, email, f"{way}/{kind}", person


def _of_nobody(rng: Random, staff: list[Person], members: int, agencies: list[str]) -> list[Seat]:
    """Return outsiders, some with the name, or nearly the name, of somebody in the directory."""
    seats: list[Seat] = []
    for stranger in generate_people(rng, round(0.165 * members)):
        give_rare_names(rng, stranger, set())
        draw = rng.random()
        if draw < 0.015:
            bearer = rng.choice(staff)
            name, way = (bearer.given_name.split()[0], bearer.family_name), "namesake"
        elif draw < 0.14:
            bearer = rng.choice(staff)
            name, way = (stranger.given_name, bearer.family_name), "same family name"
        else:
            name, way = (stranger.given_name, stranger.family_name), "outsider"
        seats.append((name, *_outside_address(rng, name, way, agencies)))
    for _ in range(round(0.035 * members)):
        team = rng.choice(TEAMS)
        where = rng.choice((DOMAIN, DOMAIN, None, rng.choice(PERSONAL_DOMAINS)))
        local = f"{team.lower().replace(' ', '-')}{rng.randint(1, 999)}"
        email = f"{local}@{where}" if where else None
        seats.append(((rng.choice(("Northwind", "NW", "")), team), email, "shared account/team", None))
    return seats


def _outside_address(rng: Random, name: Name, way: str, agencies: list[str]) -> tuple[str | None, str, None]:
    kind = rng.choices(("foreign", "personal", "opaque", "none", "lookalike"), (38, 26, 10, 22, 4))[0]
    email: str | None = None
    if kind == "foreign":
        first, last = (fold(part) or "x" for part in name)
        email = f"{first}.{last}@{agencies[int(len(agencies) * rng.random() ** 2)]}"
    elif kind == "personal":
        email = personal(rng, name)
    elif kind == "opaque":
        email = opaque(rng, _NOBODY)
    elif kind == "lookalike":
        first, last = (fold(part) or "x" for part in name)
        email = f"{first}.{last}@{rng.choice(LOOKALIKE_DOMAINS)}"
    return email, f"{way}/{kind}", None


# Kinds of address that tell which of several namesakes it is.
_SPELT_OUT = frozenset({"personal", "foreign", "other_local"})
_TELLING = frozenset({"work", "alias", "plus", "capitals", "retired_domain"})


def _label(person: Person | None, variant: str, bearers: Counter[tuple[str, ...]]) -> dict[str, object]:
    if person is None:
        return {"truth": "none", "person_id": None, "bearers": 0}
    way, _, kind = variant.partition("/")
    shown = "exact" if kind in _SPELT_OUT and way in _SHORTER else way  # the address says the rest
    likely = 1 if kind in _TELLING else bearers[_key(person, shown)]
    truth = "ambiguous" if likely > 1 else "match"
    return {"truth": truth, "person_id": person.person_id, "bearers": likely}


def _bearers(staff: list[Person]) -> Counter[tuple[str, ...]]:
    """Count who could be meant by a name as it is written."""
    return Counter(key for person in staff for key in {_key(person, way) for way in (*_SHORTER, "exact")})


_CUT = frozenset({"double_cut", "middle_dropped", "particles_dropped"})
_SHORTER = ("family_initial", "given_initial", "one_token", "double_cut")


def _key(person: Person, way: str) -> tuple[str, ...]:
    """Return what of the person's name is written in that way: who shares it can't be told apart by name."""
    given, family = fold(person.given_name.split()[0]), fold(first_family(person))
    if way == "family_initial":
        return given, family[:1], way
    if way == "given_initial":
        return given[:1], family, way
    if way == "one_token":
        return given, way
    return (given, family, "cut") if way in _CUT else (fold(person.given_name), fold(person.family_name))


_NOBODY = Person("", "", "", "", "", "")
