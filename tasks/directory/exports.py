"""Which export a file is, by its header alone."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from tasks.directory.entra import ENTRA
from tasks.directory.export import Export, header
from tasks.directory.google_workspace import GOOGLE_WORKSPACE
from tasks.directory.microsoft_365 import MICROSOFT_365
from tasks.directory.okta import OKTA
from tasks.errors import DirectoryError

EXPORTS = (GOOGLE_WORKSPACE, OKTA, ENTRA, MICROSOFT_365)


def recognised(names: Sequence[str]) -> Export | None:
    """Return the export with this header, or None. Raises DirectoryError where it could be two."""
    headers = {header(name) for name in names}
    found = [export for export in EXPORTS if any(told <= headers for told in export.telling)]
    if len(found) > 1:
        titles = " and ".join(export.title for export in found)
        raise DirectoryError(
            f"has the columns of {titles} at once; keep each in a file, with a [[directory]] of its own"
        )
    return found[0] if found else None


def columns_of(export: Export, names: Sequence[str], mapped: Collection[str]) -> dict[str, str]:
    """Return the export's columns that are there: what we call them → their header as it is written.

    `mapped` are those that the operator names in [directory.columns]. Raises DirectoryError when one is
    missing without which nobody could be told apart, or who left would count as active.
    """
    by_header: dict[str, str] = {}
    for name in names:
        by_header.setdefault(header(name), name)
    chosen = {
        ours: by_header[theirs[0]]
        for ours, headers in export.columns.items()
        if (theirs := [one for one in headers if one in by_header])
    }
    counts = Counter(map(header, names))
    if twice := [name for name in chosen.values() if counts[header(name)] > 1]:
        raise DirectoryError(f"has the column {header(twice[0])!r} of {export.title} twice; keep one")
    for ours in export.needs:
        if ours not in chosen and ours not in mapped and not (ours == "login" and "email" in chosen):
            why = (
                ": without it who left would count as active"
                if ours == "status"
                else ": without it nobody could be told apart"
            )
            raise DirectoryError(
                f"looks like an export of {export.title} and has no column {export.columns[ours][0]!r}{why}; "
                "export it with all columns, or say in [directory.columns] which it is"
            )
    return chosen


def nearest(names: Sequence[str]) -> str:
    """Return what of a header is known, and the export that it is nearest to; nothing when no column is.

    Only headers that belong to an export are repeated: a file without a header has a person in its place.
    """
    headers = {header(name) for name in names}
    known = {export: sorted(headers & _headers(export)) for export in EXPORTS}
    best = max(EXPORTS, key=lambda export: len(known[export]))
    if not known[best]:
        return ""
    lacking = min((told - headers for told in best.telling), key=len)
    return (
        f"it knows {', '.join(known[best])}, and the nearest export is that of {best.title}, which also has "
        f"{' and '.join(sorted(lacking))}"
    )


def _headers(export: Export) -> set[str]:
    return {name for names in export.columns.values() for name in names}


def titles() -> Mapping[str, str]:
    """Return the name of each export and what people call it."""
    return {export.name: export.title for export in EXPORTS}
