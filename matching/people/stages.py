"""Which person of the directory each member is: the stages in their order, from tables to tables."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import duckdb

from matching.people.candidates import find_as_written, find_pairs
from matching.people.decide import Policy, decide
from matching.people.dictionary import encode, list_words, words_compared
from matching.people.domains import classify, list_addresses
from matching.people.evidence import explain
from matching.people.exact import settle
from matching.people.fold import fold_addresses, fold_names, fold_owned, fold_people
from matching.people.rarity import weigh_names
from matching.people.score import create_weighed, score, weigh_pairs
from matching.people.tables import (
    ALIASES,
    NOTHING_BEFORE,
    PERSON_COLUMNS,
    PERSONS,
    SEAT_COLUMNS,
    SEATS,
    columns_of,
    create,
)

UNWEIGHED = "create temp table unweighed as from unsettled"


def read_addresses(con: duckdb.DuckDBPyConnection) -> None:
    """Create `owned`: what settling needs of the people, and no member can change."""
    fold_owned(con)
    list_addresses(con)


def read_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create `carried`, `known_words`, `worth`, `letters` and `lifts`: what weighing needs of the people."""
    for prepare in (fold_people, list_words, weigh_names):
        prepare(con)


def settle_addresses(con: duckdb.DuckDBPyConnection, own_domains: Sequence[str] = ()) -> None:
    """Say whose address settles who it is, and who is left."""
    fold_addresses(con)
    classify(con, own_domains)
    settle(con)


def ask_everybody(con: duckdb.DuckDBPyConnection) -> None:
    """Create `unweighed` (m) of all who are left, and `weighed`, empty."""
    create_weighed(con)
    con.execute(UNWEIGHED)


def find(con: duckdb.DuckDBPyConnection) -> None:
    """Find whom the members in `unweighed` may be; `worth`, `letters` and `lifts` need not be there yet."""
    fold_names(con)
    encode(con)
    with words_compared(con):
        find_as_written(con)
    find_pairs(con)


def conclude(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create `outcomes` and `candidates`."""
    score(con)
    decide(con, policy)


def match_tables(
    con: duckdb.DuckDBPyConnection, members: str, people: str, *, policy: Policy, evidence: bool
) -> None:
    """Create `outcomes`, `candidates` and, if asked for, `explained` from two tables, which are dropped.

    One row per member and per person, their ids whole and unique; of SEAT_COLUMNS, PERSON_COLUMNS and lists
    of aliases what there is, all text. Nobody was linked before, and nothing decided.
    """
    create(con, PERSONS, columns_of(con, people, PERSON_COLUMNS))
    listed = "unnest(aliases)" if "aliases" in con.table(people).columns else "null::varchar"
    create(con, ALIASES, f"select person_id, {listed} as alias from {people}")  # noqa: S608
    create(con, SEATS, columns_of(con, members, SEAT_COLUMNS))
    con.execute(f"drop table {people}; drop table {members}")  # a large directory takes some hundred MB
    con.execute(NOTHING_BEFORE)
    with con.cursor() as other, ThreadPoolExecutor(1) as beside:  # DuckDB alone leaves a second core idle
        folded = beside.submit(fold_people, other)
        read_addresses(con)
        settle_addresses(con)
        ask_everybody(con)
        folded.result()
        list_words(con)
        rarity = beside.submit(weigh_names, other)
        find(con)
        rarity.result()
    weigh_pairs(con)
    conclude(con, policy)
    if evidence:
        explain(con)
