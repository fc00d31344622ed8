"""The grammar of the `fields` parameter: names, nested braces, .limit() .after() .summary() .as() (§3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from deployments.sandbox.graph import errors

_MAX_DEPTH = 50  # levels of braces; assumption: no source names a maximum
_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


@dataclass(frozen=True, slots=True)
class Field:
    """One name in `fields`, with its arguments and, in braces, the fields below it."""

    name: str
    key: str  # how it is called in the answer: its name, or what .as() says
    args: dict[str, str]
    below: tuple["Field", ...] | None = None
    below_text: str = ""  # as the client wrote it: the `next` of a nested edge repeats it

    __hash__ = None  # type: ignore[assignment]  # a dict inside; nothing needs it


@lru_cache(maxsize=2048)
def parse_fields(text: str) -> tuple[Field, ...]:
    """Return what `fields` asks for, in the client's order; raise GraphError (2500) for bad grammar."""
    parser = _Parser(text)
    found = tuple(parser.fields())
    if parser.at < len(text):
        raise parser.error(f"Expected end of string instead of {text[parser.at]!r}.")
    return found


class _Parser:
    """Recursive descent over one text; `at` is the next character."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self._depth = text, 0, 0

    def fields(self) -> Iterator[Field]:
        while True:
            self._blank()
            if self.at < len(self.text) and self.text[self.at] in _NAME:
                yield self._field()
            self._blank()
            if not self._take(","):
                return

    def _field(self) -> Field:
        name = self._name()
        args: dict[str, str] = {}
        below: tuple[Field, ...] | None = None
        below_text = ""
        while True:  # braces and modifiers come in either order
            self._blank()
            if self._take("."):
                modifier = self._name()
                args[modifier] = self._argument()
            elif self._take("{"):
                start = self.at
                self._depth += 1
                if self._depth > _MAX_DEPTH:
                    raise self.error("Too many levels.")
                below = tuple(self.fields())
                self._depth -= 1
                below_text = self.text[start : self.at]
                if not self._take("}"):
                    raise self.error("Field brace mismatch.")
            else:
                break
        return Field(name, args.get("as", name), args, below, below_text)

    def _name(self) -> str:
        start = self.at
        while self.at < len(self.text) and self.text[self.at] in _NAME:
            self.at += 1
        if start == self.at:
            raise self.error("Expected a name.")
        return self.text[start : self.at]

    def _argument(self) -> str:
        if not self._take("("):
            raise self.error("Expected '('.")
        start, depth = self.at, 1
        while self.at < len(self.text):
            depth += {"(": 1, ")": -1}.get(self.text[self.at], 0)
            self.at += 1
            if depth == 0:
                return self.text[start : self.at - 1].strip()
        raise self.error("Parenthesis mismatch.")

    def _blank(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def _take(self, character: str) -> bool:
        if self.text[self.at : self.at + 1] == character:
            self.at += 1
            return True
        return False

    def error(self, what: str) -> errors.GraphError:
        return errors.fields_syntax(what, self.at, self.text)
