"""How a person appears at Meta, where people choose their own names and addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from deployments.sandbox.names.addresses import fold
from deployments.sandbox.names.cultures import NICKNAMES
from deployments.sandbox.people import DOMAIN, RETIRED_DOMAIN, Person

PERSONAL_DOMAINS = ("postbox.example", "mailhaven.test", "inbox.example", "quickmail.test")
FOREIGN_DOMAINS = (
    "adlift-experts.example",
    "halcyon-media.example",
    "orbit-brands.example",
    "tidewater.test",
)


@dataclass(frozen=True, slots=True)
class Seat:
    """A name and an address at Meta; `variant` says how they differ: "name style/address style"."""

    first_name: str
    last_name: str
    name: str
    email: str
    variant: str


def seat_of(rng: Random, person: Person) -> Seat:
    """Return how the person appears at Meta: mostly as in the directory, else in a way that people find."""
    name_style = rng.choices(_NAME_STYLES, cum_weights=_NAME_WEIGHTS)[0]
    email_style = rng.choices(_EMAIL_STYLES, cum_weights=_EMAIL_WEIGHTS)[0]
    return seat_in_style(rng, person, name_style, email_style)


def seat_in_style(rng: Random, person: Person, name_style: str, email_style: str) -> Seat:
    """Return the seat in these styles; one that the person can't have (no nickname) becomes the plain one."""
    first, last = NAME_STYLES[name_style](rng, person)
    if (first, last) == (person.given_name, person.family_name):
        name_style = "exact"
    email = EMAIL_STYLES[email_style](rng, person)
    if email == person.primary_email:
        email_style = "work"
    return Seat(first, last, f"{first} {last}".strip(), email, f"{name_style}/{email_style}")


def _exact(rng: Random, person: Person) -> tuple[str, str]:
    return person.given_name, person.family_name


def _nickname(rng: Random, person: Person) -> tuple[str, str]:
    return NICKNAMES.get(person.given_name, person.given_name), person.family_name


def _swapped(rng: Random, person: Person) -> tuple[str, str]:
    return person.family_name, person.given_name


def _plain_letters(rng: Random, person: Person) -> tuple[str, str]:
    return fold(person.given_name).title(), fold(person.family_name).title()


def _typo(rng: Random, person: Person) -> tuple[str, str]:
    """Two neighbouring letters changed places."""
    last = person.family_name
    if len(last) < 4:
        return person.given_name, last
    at = rng.randrange(1, len(last) - 2)
    return person.given_name, last[:at] + last[at + 1] + last[at] + last[at + 2 :]


def _initial(rng: Random, person: Person) -> tuple[str, str]:
    return person.given_name, f"{person.family_name[0]}."


def _middle(rng: Random, person: Person) -> tuple[str, str]:
    return f"{person.given_name} {rng.choice('ABCDEFGHJKLMNPRST')}.", person.family_name


def _agency_suffix(rng: Random, person: Person) -> tuple[str, str]:
    return person.given_name, f"{person.family_name} (Northwind)"


def _one_word(rng: Random, person: Person) -> tuple[str, str]:
    return person.given_name, ""


def _native_script(rng: Random, person: Person) -> tuple[str, str]:
    return (person.native_name, "") if person.native_name else (person.given_name, person.family_name)


def _work(rng: Random, person: Person) -> str:
    return person.primary_email


def _alias(rng: Random, person: Person) -> str:
    return rng.choice(person.aliases) if person.aliases else person.primary_email


def _plus(rng: Random, person: Person) -> str:
    local, _, domain = person.primary_email.partition("@")
    return f"{local}+{rng.choice(('meta', 'ads', 'fb'))}@{domain}"


def _capitals(rng: Random, person: Person) -> str:
    local, _, domain = person.primary_email.partition("@")
    return f"{local.title()}@{domain}"


def _retired_domain(rng: Random, person: Person) -> str:
    """The address of before the company changed its name, which the directory no longer lists."""
    local, _, domain = person.primary_email.partition("@")
    return f"{local}@{RETIRED_DOMAIN}" if domain == DOMAIN else person.primary_email


def _personal(rng: Random, person: Person) -> str:
    first, last = fold(person.given_name) or "me", fold(person.family_name) or "x"
    local = rng.choice((f"{first}.{last}", f"{first}{last}", f"{first[0]}{last}", f"{last}.{first}"))
    return f"{local}{rng.choice(('', '', rng.randint(60, 99)))}@{rng.choice(PERSONAL_DOMAINS)}"


def _opaque(rng: Random, person: Person) -> str:
    word = rng.choice(("sunny", "blue", "pixel", "wander", "coffee", "night", "moss", "rocket"))
    animal = rng.choice(("fox", "owl", "bird", "cat", "kid"))
    return f"{word}{animal}{rng.randint(10, 9999)}@{rng.choice(PERSONAL_DOMAINS)}"


def _foreign(rng: Random, person: Person) -> str:
    return f"{fold(person.given_name)}.{fold(person.family_name)}@{rng.choice(FOREIGN_DOMAINS)}"


NAME_STYLES: dict[str, Callable[[Random, Person], tuple[str, str]]] = {
    "exact": _exact,
    "nickname": _nickname,
    "swapped": _swapped,
    "plain_letters": _plain_letters,
    "typo": _typo,
    "initial": _initial,
    "middle": _middle,
    "agency_suffix": _agency_suffix,
    "one_word": _one_word,
    "native_script": _native_script,
}
EMAIL_STYLES: dict[str, Callable[[Random, Person], str]] = {
    "work": _work,
    "alias": _alias,
    "plus": _plus,
    "capitals": _capitals,
    "retired_domain": _retired_domain,
    "personal": _personal,
    "opaque": _opaque,
    "foreign": _foreign,
}
_NAME_STYLES = tuple(NAME_STYLES)
_EMAIL_STYLES = tuple(EMAIL_STYLES)
_NAME_WEIGHTS = (71, 76, 79, 84, 87, 89, 92, 95, 96, 100)  # cumulated, in percent, in the order above
_EMAIL_WEIGHTS = (68, 75, 78, 81, 86, 94, 98, 100)
