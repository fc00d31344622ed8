"""Ways of writing a name, and kinds of address: what people type at Meta, and how often.

The shares are assumptions; the measurements print precision and recall per way of writing as well.
"""

from collections.abc import Callable
from random import Random

from anyascii import anyascii

from deployments.sandbox.names.addresses import fold
from deployments.sandbox.people import DOMAIN, Person
from deployments.sandbox.world.seats import EMAIL_STYLES, NAME_STYLES

Name = tuple[str, str]  # first name, last name: what people type at Meta


# Providers where anybody can have an address: real ones, because matching knows them by name.
PERSONAL_DOMAINS = ("gmail.com",) * 6 + (
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "web.de",
    "gmx.net",
)
PARTICLES = frozenset({"de", "da", "dos", "del", "van", "von", "der", "al", "el", "la", "di", "du"})

SECOND_NAMES = (
    "López", "Castillo", "Fernandes", "Lindqvist", "Novak", "Brandt", "Okafor", "Haddad", "Moreau", "Santini",
    "Keller", "Vega", "Costa", "Lang", "Petrov", "Aydın", "Sato", "Duarte", "Winter", "Holm",
)  # fmt: skip


def first_family(person: Person) -> str:
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
    return person.given_name, first_family(person)


def _married(rng: Random, person: Person) -> Name:
    return person.given_name, rng.choice(SECOND_NAMES)


def _given_initial(rng: Random, person: Person) -> Name:
    return f"{person.given_name[0]}.", person.family_name


def _glued(rng: Random, person: Person) -> Name:
    return fold(person.given_name.split()[0]) + fold(first_family(person)), ""


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
WAY_SHARES = (46, 4, 4, 7, 3, 4, 2, 3, 3, 2, 3, 3, 4, 2, 3, 2, 2, 3)


def _other_local(rng: Random, person: Person) -> str | None:
    """An address on the live domain that the directory doesn't know: a namesake may own it."""
    first, last = fold(person.given_name) or "x", fold(person.family_name) or "x"
    return f"{rng.choice((f'{first[0]}{last}', f'{last}{first[0]}', f'{first}_{last}', f'{first}'))}@{DOMAIN}"


def personal(rng: Random, name: Name) -> str:
    first, last = (fold(part.split()[0] if part else "") or "x" for part in name)
    local = rng.choice((f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}"))
    return f"{local}{rng.choice(('', '', rng.randint(1, 99)))}@{rng.choice(PERSONAL_DOMAINS)}"


def opaque(rng: Random, person: Person) -> str:
    return EMAIL_STYLES["opaque"](rng, person).partition("@")[0] + f"@{rng.choice(PERSONAL_DOMAINS)}"


KINDS: dict[str, Callable[[Random, Person], str | None]] = {
    **EMAIL_STYLES,
    "personal": lambda rng, person: personal(rng, (person.given_name, person.family_name)),
    "opaque": opaque,
    "other_local": _other_local,
    "none": lambda _rng, _person: None,
}
# work, alias, plus, capitals, retired_domain, personal, opaque, foreign, other_local, none
KIND_SHARES = (38, 4, 3, 3, 6, 13, 8, 2, 3, 20)
