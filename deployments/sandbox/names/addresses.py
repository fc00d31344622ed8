"""Local parts of addresses: the house rule, its exceptions, and numbers for those who come second."""

from functools import cache
from random import Random

from anyascii import anyascii


def fold(name: str) -> str:
    """Return a name as a local part spells it: ASCII, lower case, letters only."""
    return "".join(c for c in _ascii(name).lower() if c.isalnum())


@cache  # a few thousand distinct names, however many people
def _ascii(name: str) -> str:
    return anyascii(name)


def free_local(rng: Random, given: str, family: str, taken: set[str]) -> str:
    """Return an unused local part by the house rule (first.last) or an exception, and mark it as taken."""
    first, last = fold(given) or "x", fold(family) or "x"
    draw = rng.random()
    if draw < 0.76:
        local = f"{first}.{last}"
    elif draw < 0.88:
        local = f"{first[0]}{last}"
    elif draw < 0.93:
        local = f"{first}{last[0]}"
    elif draw < 0.96:
        local = f"{last}.{first}"
    else:
        local = first if first not in taken else f"{first}_{last}"
    return unused(local, taken)


def unused(local: str, taken: set[str]) -> str:
    """Return the local part, with the lowest number from 2 that makes it unused, and mark it as taken."""
    candidate, number = local, 1
    while candidate in taken:
        number += 1
        candidate = f"{local}{number}"
    taken.add(candidate)
    return candidate
