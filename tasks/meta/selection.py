"""Which fields a listing is asked for, and what is given up when Meta refuses some of them."""

from collections.abc import Iterable
from copy import copy

from tasks.errors import MetaError, MetaUnreachable, PermissionMissing
from tasks.meta.refusals import refused_fields
from tasks.meta.wire import Edge

NESTED_LIMIT = 50
TOTALS = "the totals of nested edges"


class Selection:
    """The fields of one edge, with further edges nested in it by field expansion.

    Nested edges are asked for with their totals (`.summary(true)`). Where Meta refuses, the cheapest thing
    goes first: a field it named, the totals, the expansion, and last all fields that aren't needed.
    """

    def __init__(self, edge: Edge, nested: Iterable[Edge] = ()) -> None:
        self.needs = edge.needs
        self._asked, self._wished, self._if_known = edge.asked, list(edge.wished), list(edge.if_known)
        self.nested = {one.name: Selection(one) for one in nested}
        self._totals = True

    def text(self) -> str:
        """Return the `fields` parameter."""
        totals = ".summary(true)" if self._totals else ""
        below = [f"{name}.limit({NESTED_LIMIT}){totals}{{{s.text()}}}" for name, s in self.nested.items()]
        return ",".join([*self._asked, *self._if_known, *self._wished, *below])

    def apart(self) -> tuple["Selection", "Selection"]:
        """Return what asks for the edge alone, and what asks for ids with the nested edges.

        What this one has given up stays given up.
        """
        alone, nested = copy(self), copy(self)
        alone._wished, alone._if_known, alone.nested = [*self._wished], [*self._if_known], {}
        nested._asked, nested._wished, nested._if_known = ("id",), [], []
        return alone, nested

    def give_up(self, error: MetaError) -> str | None:
        """Ask for less from here on and return what was given up; None when nothing is left to give up."""
        named = refused_fields(error)
        if dropped := self._drop(named):
            return dropped
        if self.nested:
            # a refusal that speaks of expansion, or none at all, isn't about totals
            if self._totals and not isinstance(error, MetaUnreachable) and "expan" not in error.message:
                self._totals = False
                return TOTALS
            return self.give_up_expansion()
        if self._wished and isinstance(error, PermissionMissing):
            dropped = ", ".join(self._wished)
            self._wished.clear()
            return dropped
        return None

    def give_up_expansion(self) -> str | None:
        """Ask for the edge alone; its nested edges are to be asked for one by one."""
        if not self.nested:
            return None
        self.nested.clear()
        return "the expansion of nested edges"

    def _drop(self, names: frozenset[str]) -> str | None:
        """Ask no more for these names, here and in nested edges; return those that had been asked for."""
        gone = [name for name in self.nested if name in names]
        for name in gone:
            del self.nested[name]
        for one in (self, *self.nested.values()):
            for fields in (one._wished, one._if_known):
                gone += [name for name in fields if name in names]
                fields[:] = [name for name in fields if name not in names]
        return ", ".join(dict.fromkeys(gone)) or None
