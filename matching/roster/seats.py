"""Whose each seat is: members, matched to people, each with its stay and its tab."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd

from matching.people.asked_before import Weighed
from matching.people.link import Matched, Policy, match_people
from matching.roster.by_name import is_by_name, is_in_doubt, may_by_name, standing_links
from matching.roster.decided import Decided, exempted
from matching.roster.name_support import support_by_decisions
from matching.roster.stays import assign_stays
from matching.roster.tabs import tab_of

_SAID = ("field", "member_value", "person_value", "comparison", "bits")
_OUTCOME = ["stay_id", "outcome", "person_id", "rule", "posterior", "score", "reason"]


@dataclass(frozen=True, slots=True)
class Seated:
    """One row per present member in `seats`; per (stay_id, rank) in `candidates`, and field in `evidence`.

    `by_name_off`: why nobody new is linked by name for want of decisions; empty where that is not so.
    `weighed`: what matching worked out, for the next time.
    """

    seats: pd.DataFrame
    candidates: pd.DataFrame
    evidence: pd.DataFrame
    by_name_off: str = ""
    weighed: Weighed = field(default_factory=Weighed)

    def outcomes(self) -> pd.DataFrame:
        """Return one row per stay: what the warehouse keeps as links."""
        columns = [*_OUTCOME, "tab"]
        return self.seats.sort_values(["stay_id", "_order"]).drop_duplicates("stay_id")[columns]

    def evidence_of(self, stays: pd.Series) -> dict[tuple[str, int], list[dict[str, Any]]]:
        """Return the evidence of each (stay_id, rank) of these stays as a list of dicts."""
        return dict(_lists(self.evidence[self.evidence["stay_id"].isin(stays)]))

    def candidates_with_evidence(self) -> pd.DataFrame:
        """Return one row per (stay_id, rank), the evidence as JSON text: what the warehouse keeps."""
        # Text at once, pair after pair: the dicts of a large hub all together take hundreds of MB
        texts = {pair: json.dumps(rows, ensure_ascii=False) for pair, rows in _lists(self.evidence)}
        pairs = zip(self.candidates["stay_id"], self.candidates["rank"], strict=True)
        said = [texts.get((stay, int(rank)), "[]") for stay, rank in pairs]
        return self.candidates.assign(evidence=pd.Series(said, index=self.candidates.index, dtype="object"))


def _lists(evidence: pd.DataFrame) -> Iterator[tuple[tuple[str, int], list[dict[str, Any]]]]:
    """Yield each (stay_id, rank) once, with its rows of evidence as dicts, in their order."""
    rows = evidence.sort_values(["stay_id", "rank"], kind="stable")
    columns = [rows[name].astype("object").where(rows[name].notna(), None) for name in _SAID]
    each = zip(rows["stay_id"], rows["rank"], *columns, strict=True)
    for (stay, rank), of_pair in groupby(each, key=itemgetter(0, 1)):
        yield (stay, int(rank)), [dict(zip(_SAID, said[2:], strict=True)) for said in of_pair]


def seat_members(
    members: pd.DataFrame,
    people: pd.DataFrame,
    earlier_stays: pd.DataFrame,
    earlier_links: pd.DataFrame,
    *,
    policy: Policy,
    own_domains: Sequence[str] = (),
    all_known: bool = True,
    by_name_after: int = 0,
    decided: Decided | None = None,
    passed_on: pd.DataFrame | None = None,
    left_at: Mapping[str, datetime] | None = None,
    left_elsewhere: Collection[str] = (),
    exempted_grants: pd.DataFrame | None = None,
    now: datetime | None = None,
    before: Weighed | None = None,
) -> Seated:
    """Match the present members of one hub and return them with stay, outcome, person and tab.

    `members`: one row per open seat, with the columns of the warehouse. `people`: one row per person.
    `earlier_stays`: stay_id, kind, member_id. `earlier_links`: the last link of every stay, ended or not:
    stay_id, outcome, person_id, rule, valid_from, valid_to. `all_known`: whether all rights and
    directory sources were read; while they were not, nobody new is linked by name. `seats` has
    `newly_by_name`: for the first time. `by_name_after`: as in `support_by_decisions`. `decided` beats every
    rule; `exempted_grants`: the grants of the seats that it exempts, as in `exempted`. `passed_on`: stay_id,
    person_id: whom a stay was taken for when the id was another person's. Neither the link nor the decision
    is about whom it calls today, and no rule links them again. `left_at`: person_id → since when who has left
    has been gone. `left_elsewhere`: as in `OnePerPerson`. `before`: as in `match_people`.
    Users and invitations don't compete for a person, so that a second invitation to somebody can't throw
    doubt on the seat that this person holds already. Invitations to one address are all to the same person.
    """
    decided = decided or Decided()
    seats, asked = _asked(members, earlier_stays, all_known)
    # Who left, or may have, is never recognised by name alone: a person is asked whether it is him.
    persons = people.assign(by_name=people["status"] == "active")
    decisions, others = _about_today(decided.pairs, passed_on)
    support = support_by_decisions(
        asked, persons, decisions, after=by_name_after, policy=policy, own_domains=own_domains
    )
    never = replace(policy, auto_match_by_name="never")
    sticky = standing_links(_sticky(earlier_links), seats, people, never if support.were_wrong else policy)
    found = match_people(
        asked,
        persons,
        policy=policy if support.is_enough else never,
        own_domains=own_domains,
        earlier_links=sticky.rename(columns={"stay_id": "member_id"}),
        decisions=pd.concat([decisions, others]) if len(others) else decisions,
        before=before,
    )
    seats = _with_persons(seats, found, people, sticky)
    seats["id_passed_on"] = seats["_asked"].isin(others["member_id"]) & (seats["outcome"] != "matched")
    no_grants = pd.DataFrame(columns=["member_kind", "member_id", "asset_kind", "asset_id", "tasks"])
    grants = no_grants if exempted_grants is None else exempted_grants
    seats["left_elsewhere"] = seats["person_id"].isin(list(left_elsewhere))
    seats["person_left_at"] = pd.to_datetime(seats["person_id"].map(dict(left_at or {})), utc=True)
    seats["is_exempted"] = exempted(seats, grants, decided.exemptions, now or datetime.now(UTC))
    seats["tab"] = tab_of(seats["kind"], seats["person_kind"], seats["person_status"], seats["is_exempted"])
    candidates, evidence = (_for_every_stay(seats, rows) for rows in (found.candidates, found.evidence))
    return Seated(seats, candidates, evidence, support.why, found.weighed)


def _asked(
    members: pd.DataFrame, earlier_stays: pd.DataFrame, all_known: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the seats, each with the stay that is matched for it (`_asked`), and those stays as members."""
    seats = members.reset_index(drop=True).copy()
    seats["stay_id"] = assign_stays(seats, earlier_stays)["stay_id"]
    seats["by_name"] = may_by_name(seats) & all_known
    seats["_order"] = seats["kind"].map({"user": 0, "pending": 1, "system": 2}).fillna(3)
    users = seats[seats["kind"] == "user"]
    # An accepted invitation that Meta still lists belongs to the stay of its user, who speaks for both.
    invited = seats[(seats["kind"] == "pending") & ~seats["stay_id"].isin(users["stay_id"])]
    seats["_asked"] = seats["stay_id"].where(~seats.index.isin(invited.index), _first_to_address(invited))
    asked = pd.concat([users, invited])
    asked = asked[asked["stay_id"].isin(seats["_asked"])]
    asked = asked[["stay_id", "kind", "name", "first_name", "last_name", "email", "role", "by_name"]]
    return seats, asked.rename(columns={"stay_id": "member_id", "kind": "pool"})


def _about_today(pairs: pd.DataFrame, passed_on: pd.DataFrame | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the decisions about those whom the ids call today, and a rejection of each pair of `passed_on`.

    The person may still be a candidate: what the rejection names as known is nothing that ever is.
    """
    pairs = pairs.rename(columns={"stay_id": "member_id"})
    if passed_on is None or passed_on.empty:
        return pairs, pairs.iloc[:0]
    others = passed_on.rename(columns={"stay_id": "member_id"})
    others = others.assign(kind="reject", evidence="somebody else")[list(pairs.columns)]
    went = pd.MultiIndex.from_frame(others[["member_id", "person_id"]])
    is_about = pd.MultiIndex.from_frame(pairs[["member_id", "person_id"]]).isin(went)
    return pairs[~(is_about & (pairs["kind"] == "link").to_numpy())], others


def _with_persons(
    seats: pd.DataFrame, found: Matched, people: pd.DataFrame, sticky: pd.DataFrame
) -> pd.DataFrame:
    """Return the seats with outcome, person and reason; a link to a leaver that is in doubt is for review."""
    outcomes = found.outcomes.rename(columns={"member_id": "_asked"})
    seats = seats.merge(outcomes, on="_asked", how="left")
    seats["outcome"] = seats["outcome"].fillna("unmatched")
    known = people[["person_id", "kind", "status"]].add_prefix("person_")
    known = known.rename(columns={"person_person_id": "person_id"})
    matched = seats["outcome"] == "matched"
    status = seats["person_id"].where(matched).map(people.set_index("person_id")["status"])
    doubt = matched & is_in_doubt(
        seats.assign(person_status=status), _for_every_stay(seats, found.candidates)
    )
    seats["outcome"] = seats["outcome"].mask(doubt, "review")
    seats["reason"], seats["rule"] = seats["reason"].mask(doubt, "namesake"), seats["rule"].mask(doubt)
    linked = seats["person_id"].where(seats["outcome"] == "matched")
    whose = pd.DataFrame({"person_id": linked}).merge(known, on="person_id", how="left")
    before = dict(zip(sticky["stay_id"], sticky["person_id"], strict=True))
    is_new = seats["person_id"] != seats["stay_id"].map(before)
    seats["newly_by_name"] = (seats["outcome"] == "matched") & is_by_name(seats["rule"]) & is_new
    seats["best_person_id"] = seats["person_id"]
    seats["person_id"] = linked
    seats["person_kind"], seats["person_status"] = whose["person_kind"], whose["person_status"]
    return seats


def _sticky(links: pd.DataFrame) -> pd.DataFrame:
    """Return the links that stay: those in force, and of seats that were away the last one of each person.

    A seat that comes back is whose it was, unless that person holds another one by now.
    """
    matched = links[links["outcome"] == "matched"]
    in_force = matched["valid_to"].isna()
    ended = matched[~in_force & ~matched["person_id"].isin(matched["person_id"][in_force])]
    last = ended.sort_values(["valid_from", "stay_id"]).drop_duplicates("person_id", keep="last")
    return pd.concat([matched[in_force], last])[["stay_id", "person_id", "rule"]]


def _first_to_address(invited: pd.DataFrame) -> pd.Series:
    """Return for each invitation the stay that is matched for it: the first one to the same address."""
    address = invited["email"].astype("str").str.strip().str.lower().fillna(invited["stay_id"])
    return invited.groupby(address)["stay_id"].transform("min")


def _for_every_stay(seats: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return what was found for the stays that were asked about, for those as well that they stand for."""
    stays = seats[["_asked", "stay_id"]].drop_duplicates("stay_id")
    return rows.rename(columns={"member_id": "_asked"}).merge(stays, on="_asked").drop(columns="_asked")
