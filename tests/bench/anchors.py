"""What the programs that we compare ourselves with have in common: exact addresses first, then one's own way.

Runs in .venv-bench, which knows nothing of hubroster: DuckDB, pandas and anyascii only.
"""

from collections.abc import Callable

import duckdb
import pandas as pd
from anyascii import anyascii

SHOWN = 5  # candidates per member, as many as ours
CERTAIN = 60.0  # the score of an exact address, above every other
EXACT = """
with owned as (
    select person_id, lower(primary_email) as email from people
    union select person_id, lower(unnest(aliases)) from people
), sole as (
    select email, min(person_id) as person_id from owned group by email having count(distinct person_id) = 1
)
select member_id, person_id from members join sole on sole.email = lower(members.email)
qualify count(*) over (partition by person_id) = 1
"""

Likely = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]


def match(
    members_path: str, directory_path: str, out: str, likely: Likely, *, one_to_one: bool = False
) -> None:
    """Read both files, link exact addresses, ask `likely` for the others, write five candidates per member.

    `likely` takes members and people with `first`, `last`, `full` and `local`, and returns member_id,
    person_id and score. With `one_to_one` somebody who is linked by address loses 8 bits with everybody else.
    """
    with duckdb.connect() as con:
        members = con.read_parquet(members_path).df()
        people = con.read_parquet(directory_path).df()
        sure = con.execute(EXACT).df().assign(score=CERTAIN)
    left = members[~members["member_id"].isin(sure["member_id"])]
    found = likely(
        _plain(left, "member_id", "first_name", "last_name", "email"),
        _plain(people, "person_id", "given_name", "family_name", "primary_email"),
    )[["member_id", "person_id", "score"]]
    if one_to_one:
        found["score"] -= 8 * found["person_id"].isin(sure["person_id"])
    both = pd.concat([sure, found]).sort_values(
        ["member_id", "score", "person_id"], ascending=[True, False, True]
    )
    best = both[both.groupby("member_id").cumcount() < SHOWN]
    duckdb.from_df(best).write_parquet(out)


def _plain(rows: pd.DataFrame, key: str, given: str, family: str, email: str) -> pd.DataFrame:
    """Return key, first, last, full and local (before the "@"): lower-case ASCII, missing where empty."""

    def folded(texts: pd.Series) -> pd.Series:
        return texts.fillna("").map(lambda text: anyascii(str(text)).lower().strip())

    first, last = folded(rows[given]), folded(rows[family])
    local = rows[email].fillna("").str.lower().str.split("@").str[0].str.split("+").str[0]
    plain = pd.DataFrame(
        {"first": first, "last": last, "full": (first + " " + last).str.strip(), "local": local}
    )
    plain = plain.astype(object).where(plain != "", None)
    return plain.assign(**{key: rows[key]}).reset_index(drop=True)
