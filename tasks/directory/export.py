"""What an export of people looks like as another system makes it: its columns, and what its words mean."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tasks.directory.people import Values, places
from tasks.errors import DirectoryError

# What a file wrote for the columns of an export: one text per person, "" where there is nothing.
Written = Mapping[str, Sequence[str]]

_BRACKETED = re.compile(r"\s*\[[^\]]*\]\s*$")
GUEST_MARK = "#EXT#"


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """An export that is recognised untouched, by its header.

    `columns`: what we call a column → the headers that it may have, the first one that is there counts.
    `telling`: headers that together make it this export, in one of several ways. `needs`: columns without
    which it is refused. `statuses`: the words for a status, as `word` gives them → active, suspended or
    deprovisioned. `people` makes our columns of what was written, one value per person; in it `status` is
    ours already.
    """

    name: str
    title: str
    columns: Mapping[str, tuple[str, ...]]
    telling: tuple[frozenset[str], ...]
    needs: tuple[str, ...]
    statuses: Mapping[str, str]
    people: Callable[[Written], Values]


def header(name: str) -> str:
    """Return a header as exports are compared by: no case, single blanks, no "[Required]" and its like."""
    return " ".join(_BRACKETED.sub("", name).casefold().split())


def word(written: str) -> str:
    """Return a word for a status without case, with blanks for what stands between its parts."""
    return " ".join(written.replace("_", " ").casefold().split())


def translated(written: Sequence[str | None], known: Mapping[str, str], title: str) -> list[str]:
    """Return our status for each word. Raises DirectoryError for a word that is unknown, or none.

    To guess would make somebody who left a colleague. What stands there is not repeated: it may be a name.
    """
    found = [known.get(word(one or "")) for one in written]
    if unknown := [at for at, one in enumerate(found, 1) if one is None]:
        raise DirectoryError(
            f"has a status in {len(unknown)} rows that is not one of {title}: {places(unknown)}; known are "
            f"{', '.join(sorted(known))}; what another word means can be said in [directory.statuses]"
        )
    return [one for one in found if one is not None]


def full_names(written: Written, count: int) -> list[str]:
    """Return the display names, where there is none the given and the family name."""
    empty = [""] * count
    shown, given, family = (
        written.get(key) or empty for key in ("display_name", "given_name", "family_name")
    )
    return [
        name.strip() or f"{first} {last}".strip()
        for name, first, last in zip(shown, given, family, strict=True)
    ]


def plain(written: Written, *names: str) -> dict[str, Sequence[str]]:
    """Return the columns of these names that were written."""
    return {name: written[name] for name in names if name in written}
