"""What `apply` goes by: Meta and the directory read again just now, as a check reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pandas as pd

from flows.checking.job import CheckJob
from flows.checking.reading import read_hub
from flows.checking.report import draw_report, ground_of
from flows.checking.standing import match_members
from flows.checking.steps import conclude, load_facts, read_directory
from flows.review.reviewing import decisions_of
from matching.review.approvals import Approval
from matching.review.still_right import Facts
from matching.roster.safeguards import FULL_CONTROL
from tasks.meta.client import MetaClient
from tasks.warehouse import queries

LISTINGS = ("business_users", "pending_users")


@dataclass(frozen=True, slots=True)
class Fresh:
    """A fresh report, the facts for what Owners asked, and the counts that budgets are made of."""

    report: Mapping[str, Any]
    facts: Facts
    members: Mapping[str, Any]
    holders: Mapping[str, int]

    def had(self, approval: Approval) -> dict[str, Any]:
        """Return what `restore` needs to bring somebody back: role and grants; ids and task words only."""
        asked, rows = approval.asked, self.facts.rights
        mine = rows[(rows["member_kind"] == asked.member_kind) & (rows["member_id"] == asked.member_id)]
        grants = [
            [row["asset_kind"], row["asset_id"], sorted(map(str, row["tasks"]))]
            for row in mine.to_dict("records")
        ]
        return {"role": asked.role, "grants": grants}

    def address_of(self, approval: Approval) -> str:
        """Return the address that an invitation shows: the proof looks whether somebody accepted it."""
        seats = self.facts.seats
        if approval.asked.member_kind != "pending":
            return ""
        mine = seats[(seats["kind"] == "pending") & (seats["member_id"] == approval.asked.member_id)]
        return next((one for one in mine["email"] if isinstance(one, str)), "")


async def read_again(job: CheckJob, client: MetaClient, due: Sequence[Approval]) -> Fresh:
    """Read all that a check reads, keep it as a check does, and return what the due changes rest on."""
    label = job.hub.label
    directory = [read_directory(job, source) for source in job.settings.directory]
    async with client:
        edges, traffic = await read_hub(job, client)
    loaded = load_facts(job, edges, directory, traffic)
    # Somebody may be removed on this: nothing is taken from an earlier check
    standing = match_members(job, decisions_of(job.settings, label), anew=True)
    report = draw_report(job, edges, directory, loaded, standing)
    conclude(job, report, standing)
    keys = pd.DataFrame(
        [(one.asked.member_kind, one.asked.member_id) for one in due], columns=["kind", "member_id"]
    )
    with job.warehouse(read_only=True) as con:
        rights = queries.grants_of(con, label, keys)
        controllers = queries.controllers(con, rights[["asset_kind", "asset_id"]].drop_duplicates())
        assets = queries.hub_assets(con, label)
        members = queries.members(con, label)
        week_ago = queries.members_then(con, label, job.started_at - timedelta(days=7))
    users = members[members["kind"] == "user"]
    facts = Facts(
        seats=standing.seated.seats,
        rights=rights,
        controllers=controllers,
        assets=set(zip(assets["kind"], assets["asset_id"], strict=True)),
        ground=ground_of(job, edges, directory, standing),
    )
    counts = {
        "members": len(users),
        "members_last_week": week_ago,
        "admins": int((users["role"] == FULL_CONTROL).sum()),
    }
    holders = {str(kind): int(n) for kind, n in assets.groupby("kind")["holders"].sum().items()}
    return Fresh(report, facts, counts, holders)


def still_asked(report: Mapping[str, Any], approval: Approval) -> tuple[str, str]:
    """Return go, stale or blocked with the reason, for what a check proposed; nothing where it can't say.

    The same change id means the same facts: ids, names, addresses, role, grants and status (design §9).
    """
    change = approval.asked.id
    read = {edge["edge"] for edge in report["edges"] if edge["complete"]}
    if not read.issuperset(LISTINGS):  # no removal rests on half a list: it waits, or lapses
        return "", ""
    whole_directory = all(source["accepted"] for source in report["directory"])
    for proposal in report["held_back"]:
        if proposal["id"] == change:
            return ("blocked", " ".join(proposal["held_back"])) if whole_directory else ("", "")
    for proposal in report["proposals"]:
        if proposal["id"] == change:
            if not whole_directory and proposal.get("was", proposal["kind"]) == "resolve":
                return "", ""  # whoever is matched to nobody may stand in what was not read
            if holds := proposal.get("if_removed"):
                return "blocked", " ".join(holds)
            return "go", ""
    if not report["check"]["complete"] or not whole_directory:
        return "", ""
    return "stale", "what it rested on is not so any more: the next check asks again if need be"
