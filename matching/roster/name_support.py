"""Whether what the Owners of a hub decided supports linking by name alone (`[policy] by_name_after`)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from matching.people.backtest import replay_decisions
from matching.people.link import Policy


@dataclass(frozen=True, slots=True)
class Support:
    """What decisions say about links by name.

    is_enough: they may be made. were_wrong: those made before are asked about again. why: the sentence that
    an Owner reads while they may not be made, else empty.
    """

    is_enough: bool = True
    were_wrong: bool = False
    why: str = ""


def support_by_decisions(
    members: pd.DataFrame,
    people: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    after: int,
    policy: Policy,
    own_domains: Sequence[str] = (),
) -> Support:
    """Say whether `after` decisions are there (0: none is needed), and names alone would have been right.

    Frames as in `match_people`. A decision is a pair of member and person, linked or rejected. Whose member
    and person are still there is matched once more, by name. Of the links that this gives at
    `auto_match_posterior` that share at least must be what was decided (with 0.99, and fewer than a hundred
    of them: all), and there must be one. What was decided about pairs that no name would link proves nothing.
    """
    if not after or policy.auto_match_by_name == "never":
        return Support()
    made = len(decisions.drop_duplicates(["kind", "member_id", "person_id"]))
    off = "Nobody is linked by name alone"
    if made < after:
        return Support(
            False, why=f"{off} yet: {made} of {after} decisions are made ([policy] by_name_after)."
        )
    rows = replay_decisions(members, people, decisions, policy=policy, own_domains=own_domains).rows
    rows = rows[rows["is_linked"] & (rows["posterior"] >= policy.auto_match_posterior)]
    links, right = len(rows), int(rows["is_right"].sum())
    if not links:
        return Support(
            False, why=f"{off} yet: none of the {made} decisions is about somebody whom the name would link."
        )
    if right < policy.auto_match_posterior * links:
        told = f"of {links} decided members whom the name would have linked, {right} were rightly so"
        wanted = f"{policy.auto_match_posterior:.1%}".replace(".0%", "%").replace("%", " %")
        return Support(False, True, f"{off}: {told}; {wanted} are asked for ([policy] auto_match_posterior).")
    return Support()
