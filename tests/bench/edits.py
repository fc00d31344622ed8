"""Switches a part of the matching engine off for a while, by changing a line of its text.

The engine has no switches of its own for that. An edit whose text is not there exactly once is an error: a
part that was not switched off must not look like one that earns nothing.
"""

import inspect
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import FunctionType, ModuleType

from matching.people.directory import forget


@dataclass(frozen=True, slots=True)
class Edit:
    """In `name` of `matching.people.<module>`, a text or a function, `old` becomes `new`.

    Without `old` the whole value is replaced.
    """

    module: str
    name: str
    new: object
    old: str | None = None


@contextmanager
def edited(edits: Sequence[Edit]) -> Iterator[None]:
    """Apply the edits, in order, and take them back at the end."""
    with ExitStack() as stack:
        for one in edits:
            stack.enter_context(_edited(one))
        forget()  # what was prepared by the whole engine
        stack.callback(forget)
        yield


@contextmanager
def _edited(edit: Edit) -> Iterator[None]:
    home = sys.modules[f"matching.people.{edit.module}"]
    before = getattr(home, edit.name)
    after = edit.new if edit.old is None else _changed(home, before, edit)
    # By every name under which the engine knows it: `from ... import` makes more than one.
    places = [module for name, module in sys.modules.items() if name.startswith("matching.people.")]
    held = [module for module in places if getattr(module, edit.name, None) is before]
    for module in held:
        setattr(module, edit.name, after)
    try:
        yield
    finally:
        for module in held:
            setattr(module, edit.name, before)


def _changed(home: ModuleType, before: object, edit: Edit) -> object:
    old, new = str(edit.old), str(edit.new)
    text = textwrap.dedent(inspect.getsource(before)) if isinstance(before, FunctionType) else before
    if not isinstance(text, str) or text.count(old) != 1:
        raise ValueError(f"{home.__name__}.{edit.name} does not say {old!r} exactly once")
    changed = text.replace(old, new)
    if not isinstance(before, FunctionType):
        return changed
    made: dict[str, object] = {}
    exec(compile(changed, f"<{edit.name}, edited>", "exec"), home.__dict__, made)  # noqa: S102 - our own text
    return made[edit.name]


def text(module: str, name: str, old: str, new: str) -> Edit:
    """Return the edit that changes `old` into `new`."""
    return Edit(module, name, new, old)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the engine, in the words of docs/matching.md, and what switches it off."""

    stage: str
    name: str
    off: tuple[Edit, ...]


def part(stage: str, name: str, *off: Edit) -> Part:
    """Return a part; as `Part`, shorter to write."""
    return Part(stage, name, off)
