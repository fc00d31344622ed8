"""How the frames of callers become the tables that all stages share."""

from collections.abc import Sequence

import duckdb
import pandas as pd

from matching.people import tables
from matching.people.tables import ALIASES, EARLIER, PERSON_COLUMNS, PERSONS, SEAT_COLUMNS, SEATS


def load_members(con: duckdb.DuckDBPyConnection, members: pd.DataFrame) -> None:
    """Create `seats`; raise ValueError when a member_id is empty or comes twice."""
    frame = texts(members, SEAT_COLUMNS)
    _require_unique(frame["member_id"])
    create(con, SEATS, frame)


def load_people(con: duckdb.DuckDBPyConnection, people: pd.DataFrame) -> None:
    """Create `persons` and `aliases`; raise ValueError when a person_id is empty or comes twice."""
    store_people(con, *people_texts(people))


def store_people(con: duckdb.DuckDBPyConnection, frame: pd.DataFrame, aliases: pd.DataFrame) -> None:
    """Create `persons` and `aliases` from what `people_texts` returns; raise ValueError as `load_people`."""
    _require_unique(frame["person_id"])
    create(con, PERSONS, frame)
    create(con, ALIASES, aliases)


def people_texts(people: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return all that matching reads of the people: PERSON_COLUMNS, and one row per alias."""
    frame = texts(people, PERSON_COLUMNS)
    given = people["aliases"].to_numpy(dtype="object") if "aliases" in people.columns else None
    aliases = pd.DataFrame({"person_id": frame["person_id"], "alias": given})  # by place: indexes may differ
    # A frame of lists: exploded here, because DuckDB would have to guess the type of an object column.
    exploded = aliases.explode("alias").dropna().reset_index(drop=True)
    return frame, texts(exploded, ("person_id", "alias"))


def load_earlier(con: duckdb.DuckDBPyConnection, links: pd.DataFrame | None) -> None:
    """Create `earlier` from member_id, person_id, rule; raise ValueError when a member has two persons."""
    given = pd.DataFrame(columns=["member_id", "person_id"]) if links is None else links
    ids = ["member_id", "person_id"]
    frame = texts(given, (*ids, "rule")).dropna(subset=ids)
    frame = frame.sort_values([*ids, "rule"]).drop_duplicates(ids)
    _require_unique(frame["member_id"])
    create(con, EARLIER, frame)


def texts(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return exactly these columns, those that are not there as null.

    A copy, because DuckDB 2.0 can't read a frame that is a view with the rows in reverse (std::bad_cast).
    """
    copied = frame.reindex(columns=list(columns)).reset_index(drop=True).copy()
    if "by_name" in columns:
        if not copied["by_name"].isin([True, False]).where(copied["by_name"].notna(), True).all():
            raise ValueError("by_name is true or false")
        copied["by_name"] = copied["by_name"].map({True: "true", False: "false"}).astype("str")
    return copied


def _require_unique(ids: pd.Series) -> None:
    empty = int((ids.isna() | (ids == "")).sum())
    if empty:
        raise ValueError(f"{empty} rows have no {ids.name}")
    twice = sorted({str(value) for value in ids[ids.duplicated()]})
    if twice:
        raise ValueError(f"{ids.name} comes more than once: {', '.join(twice[:10])} ({len(twice)} in all)")


def create(con: duckdb.DuckDBPyConnection, statement: str, frame: pd.DataFrame) -> None:
    """Run a statement that reads `incoming`: the frame, every column of it as text."""
    # Half a surrogate pair (JSON may hold one) is no text, and DuckDB 1.5 can't go on after meeting one.
    sound = frame.copy(deep=False)
    for name in [name for name in frame.columns if not _is_sound(frame[name])]:
        sound[name] = frame[name].map(_sound, na_action="ignore")
    columns = ", ".join(f'"{name}"::varchar as "{name}"' for name in frame.columns)  # names of ours
    con.register("incoming_frame", sound)
    try:
        tables.create(con, statement, f"select {columns} from incoming_frame")  # noqa: S608
    finally:
        con.unregister("incoming_frame")


def _is_sound(column: pd.Series) -> bool:
    try:
        "".join(column.dropna().to_numpy(dtype="object")).encode()
    except (UnicodeEncodeError, TypeError):  # half a pair, or values that are not text
        return False
    return True


def _sound(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")
