"""What to do about a read that was refused, by its reason."""

# Part of a reason → what to do. The first that fits counts.
_ADVICE = (
    ("No such file", "put the export there, or mend `path` in [[directory]]"),
    ("can't be read", "let hubroster's user read the file"),
    ("changed while it was read", "write exports beside it and rename them into place"),
    ("old, more than", "export it anew; if it is still right, an Owner can accept it for as long again"),
    ("an older export", "put the newest export there; if the older one is right, an Owner can accept it"),
    ("in the future", "set the clocks right, or export it anew; if it is right, an Owner can accept it"),
    ("has no people", "export it anew: it has a header only"),
    (
        "fewer than the last accepted",
        "look whether the export was filtered or cut; if they are gone, accept it",
    ),
    ("look re-keyed", "if the source gave its people other ids, see `hubroster directory rekey`"),
    ("slipped against their ids", "mend how the ids are joined to the rows; if they are right, accept it"),
    ("at once", "look whether a column is inverted or shifted; if it is so, an Owner can accept it"),
    ("no values any more", "export that column again, or map its new name in [directory.columns]"),
    ("looks filtered", "export all users, without a filter"),
    ("status in", "say in [directory.statuses] what the word means; never leave it out"),
    ("unknown status", "say in [directory.statuses] what the word means; never leave it out"),
    ("[directory.columns]", "mend [directory.columns], or export all columns"),
    ("not UTF-", "save it as UTF-8, or as it was downloaded"),
)
_ELSE = "export it anew and put it there whole"


def advice(reason: str) -> str:
    """Return what to do about a reason of a refused read."""
    return next((do for part, do in _ADVICE if part in reason), _ELSE)
