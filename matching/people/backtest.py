"""How good matching by name would have been on one's own data: nobody has to label anything.

An address that is one person's says who a member is. Hide it, match by name, and compare. So that there are
strangers as well, one person in four of those is taken out of the directory. What people decided counts too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import pandas as pd

from matching.people.exact import RULES
from matching.people.link import Policy, match_people

ADDRESS_RULES = RULES[:4]
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
BANDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99, 1.0)
ONE_IN = 4  # of the members known by address: how many become strangers


@dataclass(frozen=True, slots=True)
class Replayed:
    """What matching by name says of members who are known.

    rows: one row per member with a candidate: member_id, person_id (the best), truth (null: a stranger, or
    only known who it is not), posterior, by (address or decision), is_linked (nothing but the threshold
    stands in the way), is_right. known: members who are known and whose person is in the directory;
    strangers: those whose person was taken out.
    """

    rows: pd.DataFrame
    known: int
    strangers: int

    def by_threshold(self) -> pd.DataFrame:
        """Return one row per threshold: links, right, precision (null without links), recall."""
        found = []
        for least in THRESHOLDS:
            taken = self.rows[self.rows["is_linked"] & (self.rows["posterior"] >= least)]
            links, right = len(taken), int(taken["is_right"].sum())
            found.append(
                {
                    "posterior": least, "links": links, "right": right,
                    "precision": right / links if links else None,
                    "recall": right / self.known if self.known else None,
                }
            )  # fmt: skip
        return pd.DataFrame(found)

    def curve(self) -> pd.DataFrame:
        """Return one row per distinct posterior, from the surest: posterior, recall, precision."""
        ranked = self.rows[self.rows["is_linked"]].sort_values("posterior", ascending=False)
        right = ranked["is_right"].cumsum()
        taken = pd.Series(range(1, len(ranked) + 1), index=ranked.index)
        points = pd.DataFrame(
            {
                "posterior": ranked["posterior"],
                "recall": right / max(self.known, 1),
                "precision": right / taken,
            }
        )
        return points.drop_duplicates("posterior", keep="last").reset_index(drop=True)

    def calibration(self) -> pd.DataFrame:
        """Return one row per band that is not empty: low, high, members, stated (mean posterior), seen."""
        band = pd.cut(self.rows["posterior"], list(BANDS))
        grouped = self.rows.groupby(band, observed=True)
        bands = grouped.agg(
            members=("is_right", "size"), stated=("posterior", "mean"), seen=("is_right", "mean")
        ).reset_index()
        ends = bands.pop("posterior")
        return bands.assign(low=[end.left for end in ends], high=[end.right for end in ends])

    def errors(self, least: float = 0.9) -> pd.DataFrame:
        """Return the rows that are wrong although the posterior is at least so high, the surest first."""
        wrong = self.rows[~self.rows["is_right"] & (self.rows["posterior"] >= least)]
        return wrong.sort_values(["posterior", "member_id"], ascending=[False, True], ignore_index=True)


def replay(
    members: pd.DataFrame,
    people: pd.DataFrame,
    *,
    decisions: pd.DataFrame | None = None,
    own_domains: Sequence[str] = (),
) -> Replayed:
    """Match by name whoever is known by address or by decision, and return how that went.

    `members`, `people`, `decisions` as in `match_people`; nothing of them is changed.
    """
    said, rejected = _decided(decisions, members, people)
    decided = [*said["member_id"], *rejected["member_id"]]
    addressed = _by_address(members, people, own_domains)
    addressed = addressed[~addressed["member_id"].isin(decided)]
    is_stranger = addressed["member_id"].map(lambda one: crc32(one.encode()) % ONE_IN == 0).astype("bool")
    is_stranger &= ~addressed["truth"].isin([*said["truth"], *rejected["person_id"]])
    out = set(addressed["truth"][is_stranger])
    found = match_people(
        _without_address(members, [*addressed["member_id"], *decided]),
        people[~people["person_id"].isin(out)],
        policy=Policy(THRESHOLDS[0], auto_match_by_name="always"),
        own_domains=own_domains,
    )
    labels = pd.concat(
        [
            addressed.assign(by="address", truth=addressed["truth"].mask(addressed["truth"].isin(out))),
            said.assign(by="decision"),
        ]
    )
    return _replayed(found.outcomes, labels, rejected)


def replay_decisions(
    members: pd.DataFrame,
    people: pd.DataFrame,
    decisions: pd.DataFrame,
    *,
    policy: Policy,
    own_domains: Sequence[str] = (),
) -> Replayed:
    """Match by name, as the policy allows, only whom somebody decided about, and return how that went.

    Nobody is taken out of the directory, and all other addresses stay: it is as if those decisions had not
    been made yet.
    """
    said, rejected = _decided(decisions, members, people)
    found = match_people(
        _without_address(members, [*said["member_id"], *rejected["member_id"]]),
        people,
        policy=replace(policy, auto_match_posterior=THRESHOLDS[0]),
        own_domains=own_domains,
    )
    return _replayed(found.outcomes, said.assign(by="decision"), rejected)


def _without_address(members: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    if "email" not in members.columns:
        return members
    return members.assign(email=members["email"].where(~members["member_id"].isin(ids)))


def _replayed(outcomes: pd.DataFrame, labels: pd.DataFrame, rejected: pd.DataFrame) -> Replayed:
    """Compare outcomes with who members are (member_id, truth, by) and are not (member_id, person_id)."""
    wrong = outcomes.merge(rejected, on=["member_id", "person_id"])
    wrong = wrong[~wrong["member_id"].isin(labels["member_id"])].assign(by="decision", truth=None)
    rows = pd.concat([outcomes.dropna(subset=["person_id"]).merge(labels, on="member_id"), wrong])
    rows["is_linked"] = rows["outcome"] == "matched"
    rows = rows[["member_id", "person_id", "truth", "posterior", "by", "is_linked"]]
    rows = rows.sort_values("member_id", ignore_index=True)
    rows["is_right"] = (rows["person_id"] == rows["truth"]).fillna(False).astype("bool")
    strangers = int(labels["truth"].isna().sum())
    return Replayed(rows, len(labels) - strangers, strangers)


def _decided(
    decisions: pd.DataFrame | None, members: pd.DataFrame, people: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return who somebody is (member_id, truth) and who somebody is not (member_id, person_id)."""
    if decisions is None:
        decisions = pd.DataFrame({"kind": [], "member_id": [], "person_id": []}, dtype="str")
    here = decisions["member_id"].isin(members["member_id"])
    here &= decisions["person_id"].isin(people["person_id"])
    pairs = decisions[here].drop_duplicates(["kind", "member_id", "person_id"])
    said = pairs.loc[pairs["kind"] == "link", ["member_id", "person_id"]].drop_duplicates("member_id")
    rejected = pairs.loc[pairs["kind"] == "reject", ["member_id", "person_id"]]
    return said.rename(columns={"person_id": "truth"}), rejected


def _by_address(members: pd.DataFrame, people: pd.DataFrame, own_domains: Sequence[str]) -> pd.DataFrame:
    """Return one row per member whose address is one person's: member_id, truth."""
    outcomes = match_people(
        members, people, policy=Policy(auto_match_by_name="never"), own_domains=own_domains
    ).outcomes
    sure = outcomes[outcomes["rule"].isin(ADDRESS_RULES)]
    return sure[["member_id", "person_id"]].rename(columns={"person_id": "truth"})
