"""What a letter is built of, before it becomes text and HTML: both parts then say the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; `small` for what is only looked up."""

    text: str
    small: bool = False
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Code:
    """A code to be typed somewhere; `label` says where."""

    label: str
    code: str
    kind: str = "code"


@dataclass(frozen=True, slots=True)
class Link:
    """An address of ours to open, the only kind of link in a letter."""

    label: str
    url: str
    kind: str = "link"


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a list. `head`: who it is about. `notes`: further lines. `codes`: (words, code)."""

    text: str
    notes: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    head: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list, numbered or not."""

    items: tuple[Item, ...]
    numbered: bool = False
    kind: str = "items"


Block = Words | Heading | Code | Link | Items


@dataclass(frozen=True, slots=True)
class Body:
    """A whole letter: subject, greeting and blocks; `thread` joins the letters of one review."""

    subject: str
    greeting: str
    blocks: tuple[Block, ...]
    thread: str = ""
