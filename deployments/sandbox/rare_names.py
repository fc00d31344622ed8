"""Names of the long tail, middle names and second family names: what the short lists of names/ lack."""

from random import Random

from deployments.sandbox.names.addresses import fold
from deployments.sandbox.people import Person
from deployments.sandbox.variants import SECOND_NAMES

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
_SYLLABLES = (
    "ba", "bren", "car", "cor", "dal", "der", "del", "fa", "fen", "gar", "gol", "ha", "hel", "jar",
    "ka", "kor", "la", "len", "lor", "ma", "mil", "mor", "na", "nor", "pel", "per", "ra", "rin",
    "ros", "sa", "sel", "sor", "ta", "tel", "tor", "va", "ver", "vin", "wal", "wen", "za", "zel",
    "zor", "lin", "ston", "ski", "sen",
)  # fmt: skip


def enrich(rng: Random, person: Person, used: set[str]) -> None:
    """Give one person in eight a middle name, and Iberians and a few others a second family name."""
    give_rare_names(rng, person, used)
    plain = f"{person.given_name} {person.family_name}"
    if rng.random() < 0.12 and " " not in person.given_name:
        person.given_name += f" {rng.choice(_MIDDLE)}"
    if rng.random() < (0.5 if person.culture in ("spanish", "portuguese") else 0.04):
        joint = " " if person.culture in ("spanish", "portuguese") else "-"
        person.family_name += f"{joint}{rng.choice(SECOND_NAMES)}"
    if person.display_name == plain and rng.random() < 0.7:  # others go by less than their whole name
        person.display_name = f"{person.given_name} {person.family_name}"


def give_rare_names(rng: Random, person: Person, used: set[str]) -> None:
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
