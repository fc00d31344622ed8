"""A directory and members of whom it is known who each is: what matching is measured and tested with.

Every way that is known of writing a name differently, and every kind of address, each with its share. The
shares are assumptions; the measurements print precision and recall per way of writing as well.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from anyascii import anyascii

from deployments.sandbox.names.addresses import fold
from deployments.sandbox.people import DOMAIN, Person, generate_people
from deployments.sandbox.world.seats import EMAIL_STYLES, NAME_STYLES

# Providers where anybody can have an address: real ones, because matching knows them by name.
PERSONAL_DOMAINS = ("gmail.com",) * 6 + (
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "web.de",
    "gmx.net",
)
LOOKALIKE_DOMAINS = ("northw1nd.example", "northwind-ads.example", "nortwind.example")
TEAMS = ("Ads Desk", "Paid Team", "Reporting", "Campaigns", "Creative Pool", "Billing", "Studio", "Support")
PARTICLES = frozenset({"de", "da", "dos", "del", "van", "von", "der", "al", "el", "la", "di", "du"})

Name = tuple[str, str]  # first name, last name: what people type at Meta


@dataclass(frozen=True, slots=True)
class Labelled:
    """What `hubroster link` takes, and who everybody truly is.

    members: one row per member: member_id, name, first_name, last_name, email (None: Meta hides it), role.
    directory: one row per person, as in a directory file.
    truth: one row per member: member_id, truth (match; none: not in the directory; ambiguous: several people
    are equally likely), person_id (of match and ambiguous), variant ("way of writing/kind of address").
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
        _enrich(rng, person, used)
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


def _enrich(rng: Random, person: Person, used: set[str]) -> None:
    """Give one person in eight a middle name, and Iberians and a few others a second family name."""
    _give_rare_names(rng, person, used)
    plain = f"{person.given_name} {person.family_name}"
    if rng.random() < 0.12 and " " not in person.given_name:
        person.given_name += f" {rng.choice(_MIDDLE)}"
    if rng.random() < (0.5 if person.culture in ("spanish", "portuguese") else 0.04):
        joint = " " if person.culture in ("spanish", "portuguese") else "-"
        person.family_name += f"{joint}{rng.choice(_SECOND)}"
    if person.display_name == plain and rng.random() < 0.7:  # others go by less than their whole name
        person.display_name = f"{person.given_name} {person.family_name}"


def _give_rare_names(rng: Random, person: Person, used: set[str]) -> None:
    """Give names of the long tail, which the short lists of names/ lack, in the addresses as well.

    With the lists alone three strangers in ten would bear the name of somebody among five thousand people;
    so it is one in twenty.
    """
    if person.native_name:
        return
    given = _rare(rng, 2) + rng.choice("aeio") if rng.random() < 0.35 else person.given_name
    family = _rare(rng, rng.choice((2, 3, 3))) if rng.random() < 0.6 else person.family_name
    swaps = ((person.given_name, given), (person.family_name, family))
    addresses = [person.primary_email, person.user_name, *person.aliases]
    for old, new in swaps:
        addresses = [one.replace(fold(old), fold(new)) for one in addresses]
        person.display_name = person.display_name.replace(old, new)
    if addresses[0] != person.primary_email and addresses[0] in used:
        addresses[0] = addresses[0].replace("@", f"{len(used)}@")
    used.update(addresses)
    person.given_name, person.family_name = given, family
    person.primary_email, person.user_name, *aliases = addresses
    person.aliases = tuple(aliases)


def _rare(rng: Random, syllables: int) -> str:
    return "".join(rng.choice(_SYLLABLES) for _ in range(syllables)).title()


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
    way = rng.choices(_WAYS, _WAY_SHARES)[0]
    kind = rng.choices(_KINDS, _KIND_SHARES)[0]
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
        _give_rare_names(rng, stranger, set())
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
        email = _personal(rng, name)
    elif kind == "opaque":
        email = _opaque(rng, _NOBODY)
    elif kind == "lookalike":
        first, last = (fold(part) or "x" for part in name)
        email = f"{first}.{last}@{rng.choice(LOOKALIKE_DOMAINS)}"
    return email, f"{way}/{kind}", None


def _personal(rng: Random, name: Name) -> str:
    first, last = (fold(part.split()[0] if part else "") or "x" for part in name)
    local = rng.choice((f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}"))
    return f"{local}{rng.choice(('', '', rng.randint(1, 99)))}@{rng.choice(PERSONAL_DOMAINS)}"


def _opaque(rng: Random, person: Person) -> str:
    return EMAIL_STYLES["opaque"](rng, person).partition("@")[0] + f"@{rng.choice(PERSONAL_DOMAINS)}"


# Kinds of address that tell which of several namesakes it is.
_SPELT_OUT = frozenset({"personal", "foreign", "other_local"})
_TELLING = frozenset({"work", "alias", "plus", "capitals", "retired_domain"})


def _label(person: Person | None, variant: str, bearers: Counter[tuple[str, ...]]) -> dict[str, object]:
    if person is None:
        return {"truth": "none", "person_id": None}
    way, _, kind = variant.partition("/")
    shown = "exact" if kind in _SPELT_OUT and way in _SHORTER else way  # the address says the rest
    several = kind not in _TELLING and bearers[_key(person, shown)] > 1
    return {"truth": "ambiguous" if several else "match", "person_id": person.person_id}


def _bearers(staff: list[Person]) -> Counter[tuple[str, ...]]:
    """Count who could be meant by a name as it is written."""
    return Counter(key for person in staff for key in {_key(person, way) for way in (*_SHORTER, "exact")})


_CUT = frozenset({"double_cut", "middle_dropped", "particles_dropped"})
_SHORTER = ("family_initial", "given_initial", "one_token", "double_cut")


def _key(person: Person, way: str) -> tuple[str, ...]:
    """Return what of the person's name is written in that way: who shares it can't be told apart by name."""
    given, family = fold(person.given_name.split()[0]), fold(_first_family(person))
    if way == "family_initial":
        return given, family[:1], way
    if way == "given_initial":
        return given[:1], family, way
    if way == "one_token":
        return given, way
    return (given, family, "cut") if way in _CUT else (fold(person.given_name), fold(person.family_name))


def _first_family(person: Person) -> str:
    return person.family_name.replace("-", " ").split()[0] if person.family_name else ""


def _of(style: str) -> Callable[[Random, Person], Name]:
    return NAME_STYLES[style]


def _plain_letters(rng: Random, person: Person) -> Name:
    """Without accents, as typed on another keyboard."""
    first, last = (" ".join(map(_ascii, part.split())) for part in (person.given_name, person.family_name))
    return first, last


def _ascii(word: str) -> str:
    return anyascii(word).replace("'", "").title()


def _middle_dropped(rng: Random, person: Person) -> Name:
    return person.given_name.split()[0], person.family_name


def _double_cut(rng: Random, person: Person) -> Name:
    """García López writes García; so do the hyphenated."""
    return person.given_name, _first_family(person)


def _married(rng: Random, person: Person) -> Name:
    return person.given_name, rng.choice(_SECOND)


def _given_initial(rng: Random, person: Person) -> Name:
    return f"{person.given_name[0]}.", person.family_name


def _glued(rng: Random, person: Person) -> Name:
    return fold(person.given_name.split()[0]) + fold(_first_family(person)), ""


def _particles_dropped(rng: Random, person: Person) -> Name:
    kept = [part for part in person.family_name.split() if part.lower() not in PARTICLES]
    return person.given_name, " ".join(kept) or person.family_name


def _letter_changed(rng: Random, person: Person) -> Name:
    """One letter of either name is another one, missing, or twice."""
    first, last = person.given_name, person.family_name
    target = first if len(first) > len(last) else last
    at = rng.randrange(1, max(2, len(target) - 1))
    changed = rng.choice((target[:at] + target[at + 1 :], target[: at + 1] + target[at:],
                          target[:at] + rng.choice("aeiorstn") + target[at + 1 :]))  # fmt: skip
    return (changed, last) if target is first else (first, changed)


def _transliterated(rng: Random, person: Person) -> Name:
    """Another spelling in Latin letters of a name in another script, or without its signs."""
    if person.native_name:
        words = anyascii(person.native_name).replace("'", "").split() or [person.given_name]
        return words[0].title(), " ".join(words[1:]).title() or person.family_name
    swap = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "ß": "ss", "ñ": "n"})
    return person.given_name.translate(swap), person.family_name.translate(swap)


WAYS: dict[str, Callable[[Random, Person], Name]] = {
    "exact": _of("exact"),
    "nickname": _of("nickname"),
    "swapped": _of("swapped"),
    "plain_letters": _plain_letters,
    "transliterated": _transliterated,
    "double_cut": _double_cut,
    "married": _married,
    "family_initial": _of("initial"),
    "given_initial": _given_initial,
    "typo": _of("typo"),
    "letter_changed": _letter_changed,
    "middle": _of("middle"),
    "middle_dropped": _middle_dropped,
    "particles_dropped": _particles_dropped,
    "agency_suffix": _of("agency_suffix"),
    "one_token": _of("one_word"),
    "glued": _glued,
    "native_script": _of("native_script"),
}
_WAYS = tuple(WAYS)
_WAY_SHARES = (46, 4, 4, 7, 3, 4, 2, 3, 3, 2, 3, 3, 4, 2, 3, 2, 2, 3)


def _other_local(rng: Random, person: Person) -> str | None:
    """An address on the live domain that the directory doesn't know: a namesake may own it."""
    first, last = fold(person.given_name) or "x", fold(person.family_name) or "x"
    return f"{rng.choice((f'{first[0]}{last}', f'{last}{first[0]}', f'{first}_{last}', f'{first}'))}@{DOMAIN}"


KINDS: dict[str, Callable[[Random, Person], str | None]] = {
    **EMAIL_STYLES,
    "personal": lambda rng, person: _personal(rng, (person.given_name, person.family_name)),
    "opaque": _opaque,
    "other_local": _other_local,
    "none": lambda _rng, _person: None,
}
_KINDS = tuple(KINDS)
# work, alias, plus, capitals, retired_domain, personal, opaque, foreign, other_local, none
_KIND_SHARES = (38, 4, 3, 3, 6, 13, 8, 2, 3, 20)

_MIDDLE = (
    "Maria",
    "Anna",
    "José",
    "Lee",
    "Marie",
    "Ann",
    "Jan",
    "Luis",
    "Elisabeth",
    "James",
    "Paul",
    "Kumar",
)
_SECOND = (
    "López", "Castillo", "Fernandes", "Lindqvist", "Novak", "Brandt", "Okafor", "Haddad", "Moreau", "Santini",
    "Keller", "Vega", "Costa", "Lang", "Petrov", "Aydın", "Sato", "Duarte", "Winter", "Holm",
)  # fmt: skip
_SYLLABLES = (
    "ba", "bren", "car", "cor", "dal", "der", "del", "fa", "fen", "gar", "gol", "ha", "hel", "jar",
    "ka", "kor", "la", "len", "lor", "ma", "mil", "mor", "na", "nor", "pel", "per", "ra", "rin",
    "ros", "sa", "sel", "sor", "ta", "tel", "tor", "va", "ver", "vin", "wal", "wen", "za", "zel",
    "zor", "lin", "ston", "ski", "sen",
)  # fmt: skip
_NOBODY = Person("", "", "", "", "", "")
