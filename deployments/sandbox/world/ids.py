"""Ids as Meta gives them, and the dice of the sandbox."""

from random import Random


class Ids:
    """Give out ids that nothing else in the world has: 15 to 17 digits as text, many beyond 2**53."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def sharing(self, rng: Random) -> "Ids":
        """Return ids from other dice that never repeat one of these, nor these one of them."""
        other = Ids(rng)
        other._given = self._given
        return other

    def new(self) -> str:
        """Return an unused id."""
        while True:
            digits = self._rng.choice((15, 16, 16, 17))
            number = str(self._rng.randrange(10 ** (digits - 1), 10**digits))
            if number not in self._given:
                self._given.add(number)
                return number


def dice(seed: int, part: str) -> Random:
    """Return the dice for one part of the world. Parts don't disturb each other: more Pages, same people."""
    return Random(f"{seed}:{part}")  # noqa: S311, made-up data that must come out the same again
