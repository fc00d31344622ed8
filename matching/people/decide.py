"""What follows from the bits: how sure one may be, the outcome, and the reason in one word."""

from dataclasses import dataclass

import duckdb
import numpy as np

from matching.people.exact import RULES
from matching.people.odds import outsider_bits
from matching.people.tables import seen

SHOWN = 5  # candidates per member
NOBODY = -100.0  # the score of a member without candidates
CERTAIN = {
    "exact_address": 60.0,
    "alias": 58.0,
    "user_name": 55.0,
    "plus_address": 52.0,
    "earlier_link": 50.0,
    "decision": 70.0,
}
CLOSE_CB = 300  # hundredths of a bit: a second person so near is a namesake
ALIKE = 3  # the grade of a word that may well be another name
INITIAL = 4  # the grade of a word that agrees in its first letter only

# certain: one row per settled member, with the rule and how sure that is.
CERTAIN_LINKS = """
create temp table certain as
select settled.m, settled.p, settled.strength, by_rule.rule::varchar as rule, by_rule.score,
       1 / (1 + pow(2, -by_rule.score)) as posterior
from settled
join by_rule using (strength)
"""

# ranked: one row per row of scored; rank 1 is the best of a member, or who it was before; between equals the
# lower person id. gap_cb is how far the next one of the member is behind. class is empty where an address
# names somebody.
RANKED = """
create temp table ranked as
with summed as (
    select m, p, crowd, case when doubt = '' then class else '' end as class, kept <> '' as is_kept,
           given_cb + family_cb + other_cb + lift_cb + email_cb + seat_cb as total_cb
    from scored
)
select m, p, crowd, class, total_cb, row_number() over best_first as rank,
       total_cb - lead(total_cb) over best_first as gap_cb
from summed
window best_first as (partition by m order by is_kept desc, total_cb desc, p)
"""
RANKED_BITS = "select m, rank, crowd, total_cb from ranked order by m, rank"
CLASSES = "select class from ranked where rank = 1 order by m"

# likely: the rows of scored that are shown, with their rank and what is probable.
LIKELY = """
create temp table likely as
select scored.*, ranked.rank, ranked.gap_cb, probable.posterior, probable.score, probable.plausible
from ranked
join probable using (m, rank)
join scored using (m, p)
where ranked.rank <= $shown
"""

# judged: the best person of each member who has candidates, and what speaks for a link and against it.
# is_whole: enough agrees to link by: two words of a name at least, and none of them by its initial. Couples
# and siblings share a family name, and often an initial; Juana is no misspelt Juan, nor Justus Justin. Nor
# does either side say another further name: John A. Smith is not John B. What stands before the "@" is not
# enough for who is careful: the member calls himself otherwise.
# is_free: no doubt, no seat in the same pool, and nobody ever said no.
# is_other: the address speaks for somebody else: another company's; or, for who is careful, one of ours. Such
# a one that nobody in the directory has may be that of a colleague who left and was deleted, and who had the
# same name.
# why: why this person was not linked: the first of these that holds.
JUDGED = """
create temp table judged as
select likely.m, likely.p, likely.kept, likely.posterior, likely.score, seats.pool,
       persons.by_name as may_be_linked, $policy <> 'never' and persons.by_name
           and ($policy <> 'low_privilege' or seats.by_name) as may_by_name,
       doubt <> '' or plausible >= $floor as is_worth_a_look,
       hits >= 2 and given > 0 and family > 0 and given_grade not in ($initial, $alike)
           and family_grade <> $initial and not is_denied and (source = 1 or $policy = 'always') as is_whole,
       doubt = '' and seat_cb = 0 and not was_rejected as is_free,
       class = 'foreign' and not is_same_domain or class = 'own' and $policy <> 'always' as is_other,
       case when doubt = 'ambiguous_address' then 'ambiguous_address'
            when doubt = 'taken' or seat_cb < 0 then 'taken'
            when class = 'former' and is_same_local then 'former_domain'
            when class = 'foreign' and not is_same_domain then 'foreign_address'
            when crowd > 1 and gap_cb < $close then 'namesake'
            when given > 0 and family = 0 then 'given_name_only'
            when $initial in (given_grade, family_grade) then 'initial_only'
            else 'name' end as why
from likely
join seats using (m)
join persons using (p)
where likely.rank = 1
"""

# concluded: one row per member of judged. Who is surely somebody by name is matched, unless another member of
# the same pool is surely the same person: then both are for review. Who was linked by name before stays so
# while that person has no other seat.
CONCLUDED = """
create temp table concluded as
with sure as (
    select *, posterior >= $least and is_whole and is_free and not is_other as is_sure,
           kept <> '' and is_free and not (is_other and may_be_linked) as stays
    from judged
), counted as (
    select *, is_sure and count(*) filter (where is_sure) over (partition by p, pool) > 1 as is_claimed_twice
    from sure
), named as (
    select *, stays or is_sure and may_by_name and not is_claimed_twice as is_matched,
           case when stays then kept else why end as rule
    from counted
)
select m, p, posterior, score, case when is_matched then rule end as rule,
       case when is_claimed_twice and not stays then 'taken' else rule end as reason,
       case when is_matched then 'matched' when is_worth_a_look then 'review' else 'unmatched' end as outcome
from named
"""

# outcomes: one row per member.
OUTCOMES = """
create temp table outcomes as
with found as (
    select m, p, 'matched' as outcome, rule, posterior, score, rule as reason from certain
    union all
    select m, p, outcome, rule, posterior, score, reason from concluded
)
select seats.m, seats.member_id, coalesce(found.outcome, 'unmatched') as outcome, persons.person_id,
       found.rule, coalesce(found.posterior, 0) as posterior, coalesce(found.score, $nobody) as score,
       coalesce(found.reason, 'no_candidate') as reason
from seats
left join found using (m)
left join persons using (p)
"""

# candidates: up to SHOWN rows per member, the best first.
CANDIDATES = """
create temp table candidates as
with found as (
    select m, p, 1 as rank, posterior, score from certain
    union all
    select m, p, rank, posterior, score from likely
)
select found.m, found.p, seats.member_id, found.rank::bigint as rank, persons.person_id, found.posterior,
       found.score
from found
join seats using (m)
join persons using (p)
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """What an operator allows without being asked.

    By name means: by anything but an address that is one person's. With "low_privilege" only those members
    are linked so whose `by_name` is true: who decides that knows roles and grants.
    """

    auto_match_posterior: float = 0.99
    auto_match_by_name: str = "low_privilege"  # or never, always
    review_floor: float = 0.05  # the least probability that any of the candidates is it, to be worth a look


def decide(con: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Create `certain`, `likely`, and what comes of it all: `outcomes` and `candidates`."""
    strengths = np.arange(1, len(RULES) + 1)
    scores = np.array([CERTAIN[rule] for rule in RULES])
    with seen(con, "by_rule", {"strength": strengths, "rule": list(RULES), "score": scores}):
        con.execute(CERTAIN_LINKS)
    con.execute(RANKED)
    with seen(con, "probable", _probable(con)):
        con.execute(LIKELY, {"shown": SHOWN})
    policy_said = {"policy": policy.auto_match_by_name, "floor": policy.review_floor}
    con.execute(JUDGED, {**policy_said, "initial": INITIAL, "alike": ALIKE, "close": CLOSE_CB})
    con.execute(CONCLUDED, {"least": policy.auto_match_posterior})
    con.execute(OUTCOMES, {"nobody": NOBODY})
    con.execute(CANDIDATES)


def _probable(con: duckdb.DuckDBPyConnection) -> dict[str, np.ndarray]:
    """Return what is probable of each row of `ranked`: m, rank, posterior, score and plausible.

    Rivals and "nobody in the directory" compete for the probability. `plausible` is what "nobody" leaves: the
    probability that one of the candidates is the person, those that are not shown included.
    """
    rows = {name: np.asarray(column) for name, column in con.execute(RANKED_BITS).fetchnumpy().items()}
    people = max(con.execute("select count(*) from persons").fetchall()[0][0], 1)
    bits = rows["total_cb"] / 100
    # Of a crowd behind one key at most eight came this far; each stands for its share of the others.
    alike = np.maximum(1.0, rows["crowd"] / 8)
    first = np.diff(rows["m"], prepend=-1) != 0
    member = np.cumsum(first) - 1
    starts = np.flatnonzero(first)
    best = np.maximum.reduceat(bits, starts) if len(starts) else bits
    mass = np.bincount(member, weights=np.exp2(bits - best[member]) * alike, minlength=len(starts))
    classes = np.asarray(con.execute(CLASSES).fetchnumpy()["class"])
    nobody = np.log2(people) + outsider_bits(con, classes, best + np.log2(mass) - np.log2(people))
    top, nobody = np.maximum(best, nobody)[member], nobody[member]
    mass = np.exp2(bits - top)
    all_people = np.bincount(member, weights=mass * alike, minlength=len(starts))[member]
    outside = np.exp2(nobody - top)
    rest = np.maximum(all_people + outside - mass, np.finfo("float64").tiny)
    score = np.clip(bits - top - np.log2(rest), -99.0, 49.0)
    return {
        "m": rows["m"],
        "rank": rows["rank"],
        "posterior": np.round(1 / (1 + np.exp2(-score)), 9),
        "score": np.round(score, 6),
        "plausible": all_people / (all_people + outside),
    }
