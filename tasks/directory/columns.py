"""Which column of a source is which of ours."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tasks.directory.export import Export, translated, word
from tasks.directory.exports import columns_of, nearest, recognised
from tasks.directory.people import STATUSES, Values, places
from tasks.directory.read import PEOPLE_COLUMNS
from tasks.errors import DirectoryError

# By these names a file says of itself that its columns are ours.
_OURS = ("primary_email", "display_name")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the operator said about a source: our column → the file's, and word for a status → ours."""

    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)

    def words(self) -> dict[str, str]:
        return {word(name): status for name, status in self.statuses.items()}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a source is laid out: an export, or our own columns.

    `chosen`: what we call a column → what the source calls it; `mapped` are those of them that the operator
    named.
    """

    chosen: Mapping[str, str]
    export: Export | None
    mapped: Mapping[str, str]
    words: Mapping[str, str]

    @property
    def format(self) -> str:
        """The name of the export, or "columns" for our own."""
        return self.export.name if self.export else "columns"

    def wanted(self) -> list[str]:
        """Return the columns to read, as the source calls them, each once."""
        return list(dict.fromkeys([*self.chosen.values(), *self.mapped.values()]))

    def values(self, written: Mapping[str, Sequence[object]]) -> Values:
        """Return our columns; `written` has those of `wanted`. Raises DirectoryError for unknown words."""
        named = {ours: written[theirs] for ours, theirs in self.mapped.items()}
        found = {ours: written[theirs] for ours, theirs in self.chosen.items()}
        if self.export is None:
            found |= named
            if self.words and "status" in found:
                found["status"] = [self._word(one) for one in found["status"]]
            return found
        return self._of_export(self.export, {k: _texts(v) for k, v in found.items()}, named)

    def _word(self, written: object) -> object:
        return self.words.get(word(written), written) if isinstance(written, str) else written

    def _of_export(
        self, export: Export, found: dict[str, list[str]], named: Mapping[str, Sequence[object]]
    ) -> Values:
        if "status" in named:
            found["status"] = _texts(named["status"])
        own = {status: status for status in STATUSES} if "status" in named else {}
        found["status"] = translated(found["status"], {**own, **export.statuses, **self.words}, export.title)
        for need in export.needs:  # named for ours, and needed by its own name
            found.setdefault(need, [""] * len(found["status"]))
        values = dict(export.people(found))
        _require_ids(values, export)
        return {**values, **{ours: column for ours, column in named.items() if ours != "status"}}


def choose_columns(names: Sequence[str], mapped: Mapped) -> Layout:
    """Return how a source with these columns is laid out.

    `names` are the source's, in its order. Case does not count. Raises DirectoryError for a name that stands
    twice or is not there, and for columns that are neither ours nor those of one export. A source without a
    header has a person in its place: what belongs to no export is told by its place, never by its name.
    """
    if unknown := sorted(set(mapped.columns) - set(PEOPLE_COLUMNS)):
        raise DirectoryError(
            f"[directory.columns] knows no {unknown[0]!r}; it knows: {', '.join(PEOPLE_COLUMNS)}"
        )
    theirs = {name.casefold(): name for name in names}
    _require_once(names)
    named = _named(theirs, mapped)
    ours = {name: theirs[name] for name in PEOPLE_COLUMNS if name in theirs and name not in named}
    export = None if set(_OURS) & set(ours) else recognised(names)
    if export:
        return Layout(columns_of(export, names, named), export, named, mapped.words())
    _require_status_read(names, ours, named)
    if not set(_OURS) & {*ours, *named}:
        near = nearest(names)
        raise DirectoryError(
            f"has neither primary_email nor display_name among its {len(names)} columns"
            + (f"; {near}" if near else "")
            + "; if they have other names, say so in [directory.columns]"
        )
    return Layout(ours, None, named, mapped.words())


def _require_once(names: Sequence[str]) -> None:
    folded = [name.casefold() for name in names]
    twice = [name for name, count in Counter(folded).items() if count > 1]
    if twice:
        first = folded.index(twice[0])
        second = folded.index(twice[0], first + 1)
        raise DirectoryError(f"has one column twice, as the columns {first + 1} and {second + 1}")


def _named(theirs: Mapping[str, str], mapped: Mapped) -> dict[str, str]:
    found: dict[str, str] = {}
    for ours in (name for name in PEOPLE_COLUMNS if name in mapped.columns):
        name = mapped.columns[ours]
        if name.casefold() not in theirs:
            raise DirectoryError(f"has no column {name!r}, which [directory.columns] names for {ours}")
        found[ours] = theirs[name.casefold()]
    return found


def _require_status_read(names: Sequence[str], ours: Mapping[str, str], named: Mapping[str, str]) -> None:
    """Raise DirectoryError for our own columns beside an export's status, which nobody would read."""
    if "status" in ours or "status" in named:
        return
    export = recognised(names)
    if export and "status" in columns_of(export, names, ("status", *export.needs)):
        raise DirectoryError(
            f"has columns of ours and of {export.title}, whose status would not be read; say in "
            "[directory.columns] which column is the status, or keep the export as it was downloaded"
        )


def _require_ids(values: Values, export: Export) -> None:
    ids = values.get("person_id")
    if ids and (missing := [at for at, one in enumerate(ids, 1) if not str(one or "").strip()]):
        raise DirectoryError(
            f"has {len(missing)} people without the id that {export.title} gives everybody: {places(missing)}"
        )


def _texts(column: Sequence[object]) -> list[str]:
    if odd := [at for at, one in enumerate(column, 1) if not isinstance(one, str | bool | None)]:
        raise DirectoryError(f"has something that is no text in a column of its export: {places(odd)}")
    return ["" if one is None else str(one) for one in column]
