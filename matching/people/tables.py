"""The tables that all stages share, and how the callers' frames become them.

People and members are numbered in the order of their ids (`p` and `m`), so that every later `order by p`
is an order by person id, and nothing depends on the order of the callers' rows.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import pandas as pd

SEAT_COLUMNS = ("member_id", "pool", "by_name", "name", "first_name", "last_name", "email")
PERSON_COLUMNS = (
    "person_id",
    "user_name",
    "given_name",
    "family_name",
    "display_name",
    "primary_email",
    "kind",
    "by_name",
)

# seats: one row per member, m = its place in the order of the ids. An empty text is null. Members of one pool
# compete for a person; those of different pools don't. by_name: may be linked by name alone.
SEATS = """
create temp table seats as
select (row_number() over (order by member_id) - 1)::integer as m,
       member_id,
       coalesce(nullif(trim(name), ''), nullif(trim(concat_ws(' ', first_name, last_name)), '')) as name,
       nullif(email, '') as email,
       coalesce(pool, '') as pool,
       coalesce(by_name, 'true') = 'true' as by_name
from incoming
"""

# persons: one row per person, p = its place in the order of the ids. by_name: may be linked by name alone.
PERSONS = """
create table persons as
select (row_number() over (order by person_id) - 1)::integer as p,
       person_id,
       nullif(user_name, '') as user_name,
       nullif(trim(given_name), '') as given_name,
       nullif(trim(family_name), '') as family_name,
       nullif(trim(display_name), '') as display_name,
       nullif(primary_email, '') as primary_email,
       coalesce(kind, 'employee') = 'employee' as is_employee,
       coalesce(by_name, 'true') = 'true' as by_name
from incoming
"""

# aliases: one row per further address of a person.
ALIASES = """
create table aliases as
select distinct persons.p, incoming.alias
from incoming
join persons using (person_id)
where incoming.alias <> ''
"""

# earlier: one row per member that was linked before to a person who is still there; rule is what linked them.
EARLIER = """
create temp table earlier as
select distinct seats.m, persons.p, coalesce(incoming.rule, 'earlier_link') as rule
from incoming
join seats using (member_id)
join persons using (person_id)
"""


@contextmanager
def workspace() -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield an empty DuckDB database in memory that never writes a file; closed in any case."""
    con = open_database()
    try:
        yield con
    finally:
        con.close()


def open_database() -> duckdb.DuckDBPyConnection:
    """Return an empty DuckDB database in memory that never writes a file."""
    return duckdb.connect(
        config={
            "temp_directory": "",  # else an in-memory database spills to ./.tmp
            "pandas_analyze_sample": 0,  # object columns are text; a guess from a sample fails on sparse ones
        }
    )


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
    view = f"create or replace temp view incoming as select {columns} from incoming_frame"  # noqa: S608
    con.execute(view)
    try:
        con.execute(statement)
    finally:
        con.execute("drop view incoming")
        con.unregister("incoming_frame")


def _is_sound(column: pd.Series) -> bool:
    try:
        "".join(column.dropna().to_numpy(dtype="object")).encode()
    except (UnicodeEncodeError, TypeError):  # half a pair, or values that are not text
        return False
    return True


def _sound(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode("utf-8")
