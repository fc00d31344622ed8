"""The tables that all stages share, and what they are made of.

People and members are numbered in the order of their ids (`p` and `m`), so that every later `order by p`
is an order by person id, and nothing depends on the order of the callers' rows.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import duckdb
import numpy as np

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
with numbered as (  -- apart, so that the ids are sorted and all the rest is not
    select person_id, (row_number() over (order by person_id) - 1)::integer as p from incoming
)
select p,
       person_id,
       nullif(user_name, '') as user_name,
       nullif(trim(given_name), '') as given_name,
       nullif(trim(family_name), '') as family_name,
       nullif(trim(display_name), '') as display_name,
       nullif(primary_email, '') as primary_email,
       coalesce(kind, 'employee') = 'employee' as is_employee,
       coalesce(by_name, 'true') = 'true' as by_name
from incoming
join numbered using (person_id)
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

# The same without a row, and the tables of decisions, where nobody gave any.
NOTHING_BEFORE = """
create temp table earlier (m integer, p integer, rule varchar);
create temp table pinned (m integer, p integer);
create temp table once_rejected (m integer, p integer);
create temp table rejected (m integer, p integer);
"""


# Up to so many people, waking a second thread costs more than that one does.
ONE_THREAD = 2_000


@contextmanager
def workspace(people: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield what `open_database` returns; closed in any case."""
    con = open_database(people)
    try:
        yield con
    finally:
        con.close()


def open_database(people: int | None) -> duckdb.DuckDBPyConnection:
    """Return an empty DuckDB database in memory, for so many people if known, that never writes a file."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",  # else an in-memory database spills to ./.tmp
        "pandas_analyze_sample": 0,  # object columns are text; a guess from a sample fails on sparse ones
    }
    if people is not None and people <= ONE_THREAD:
        config["threads"] = 1
    return duckdb.connect(config=config)


def create(con: duckdb.DuckDBPyConnection, statement: str, source: str) -> None:
    """Run a statement that reads `incoming`: what the query `source` returns."""
    con.execute(f"create or replace temp view incoming as {source}")
    try:
        con.execute(statement)
    finally:
        con.execute("drop view incoming")


def columns_of(con: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> str:
    """Return a query for these columns of a table, null where it has none of that name."""
    there = con.table(table).columns
    chosen = ", ".join(name if name in there else f"null::varchar as {name}" for name in columns)
    return f"select {chosen} from {table}"  # noqa: S608 - names of ours


@contextmanager
def seen(
    con: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, np.ndarray | list[str] | list[str | None]],
) -> Iterator[None]:
    """Let statements read columns of numbers, or lists of texts, as a table of that name."""
    con.register(name, {key: _column(values) for key, values in columns.items()})
    try:
        yield
    finally:
        con.unregister(name)


def _column(values: np.ndarray | Iterable[str | None]) -> np.ndarray:
    return values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
