"""Which column of a source is which of ours."""

from collections import Counter
from collections.abc import Mapping, Sequence

from tasks.directory.read import PEOPLE_COLUMNS
from tasks.errors import DirectoryError

LISTS = ("aliases", "groups")


def choose_columns(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return our columns with what the source calls them, those that it has.

    `names` are the source's, in its order, `columns` the operator's map from ours to theirs. Case does not
    count. Raises DirectoryError for a name that stands twice or is not there. A source without a header has a
    person in its place: what is not in the configuration is told by its place, never by its name.
    """
    if unknown := sorted(set(columns) - set(PEOPLE_COLUMNS)):
        raise DirectoryError(
            f"[directory.columns] knows no {unknown[0]!r}; it knows: {', '.join(PEOPLE_COLUMNS)}"
        )
    folded = [name.casefold() for name in names]
    twice = [name for name, count in Counter(folded).items() if count > 1]
    if twice:
        first = folded.index(twice[0])
        second = folded.index(twice[0], first + 1)
        raise DirectoryError(f"has one column twice, as the columns {first + 1} and {second + 1}")
    theirs = dict(zip(folded, names, strict=True))
    chosen: dict[str, str] = {}
    for ours in PEOPLE_COLUMNS:
        name = columns.get(ours, ours)
        if name.casefold() in theirs:
            chosen[ours] = theirs[name.casefold()]
        elif ours in columns:
            raise DirectoryError(f"has no column {name!r}, which [directory.columns] names for {ours}")
    if not {"primary_email", "display_name"} & set(chosen):
        raise DirectoryError(
            f"has neither primary_email nor display_name among its {len(names)} columns; if they have other "
            "names, say so in [directory.columns]"
        )
    return chosen
