"""What `apply` goes by: Meta and the directory read again just now, as a check reads them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from flows.checking.job import CheckJob
from flows.checking.reading import read_hub
from flows.checking.report import draw_report, ground_of
from flows.checking.standing import match_members
from flows.checking.steps import conclude, load_facts, read_directory
from flows.review.removed import controllers_now
from flows.review.reviewing import decisions_of
from matching.review.approvals import Approval
from matching.review.still_right import Facts
from matching.roster.safeguards import FULL_CONTROL
from tasks.meta.client import MetaClient
from tasks.warehouse import queries

LISTINGS = ("business_users", "pending_users")


@dataclass(frozen=True)
class Fresh:
    """A fresh report, the facts for what Owners asked, and the counts that budgets are made of."""

    report: Mapping[str, Any]
    facts: Facts
    members: Mapping[str, Any]
    holders: Mapping[str, int]

    def had(self, approval: Approval) -> dict[str, Any]:
        """Return what `restore` needs to bring somebody back: role and grants; ids and task words only."""
        return {"role": approval.asked.role, "grants": self._grants.get(_seat(approval), [])}

    def pages_of(self, approval: Approval) -> list[str]:
        """Return the ids of the Pages that the member could do something on, sorted."""
        return sorted({asset for kind, asset, _ in self._grants.get(_seat(approval), []) if kind == "page"})

    def address_of(self, approval: Approval) -> str:
        """Return the address that an invitation shows: the proof looks whether somebody accepted it."""
        return self._invited.get(approval.asked.member_id, "") if _seat(approval)[0] == "pending" else ""

    def rests_on(self, seats: Collection[tuple[str, str]]) -> bool:
        """Say whether one of these (hub, Meta id) was counted among who controls the assets."""
        counted = zip(self.facts.controllers["hub"], self.facts.controllers["member_id"], strict=True)
        return not set(seats).isdisjoint(counted)

    # Of all at once: to look a thousand members up in a frame, one by one, takes seconds.

    @cached_property
    def _grants(self) -> Mapping[tuple[str, str], list[list[Any]]]:
        """(kind, Meta id) of a member → [asset kind, asset id, sorted tasks] of each grant."""
        rows, found = self.facts.rights, defaultdict[tuple[str, str], list[list[Any]]](list)
        names = ("member_kind", "member_id", "asset_kind", "asset_id", "tasks")
        for kind, member, asset_kind, asset, tasks in zip(*(rows[name] for name in names), strict=True):
            found[kind, member].append([asset_kind, asset, sorted(map(str, tasks))])
        return found

    @cached_property
    def _invited(self) -> Mapping[str, str]:
        """Meta id of an invitation → the address that it shows."""
        seats = self.facts.seats
        rows = seats[seats["kind"] == "pending"]
        pairs = zip(rows["member_id"], rows["email"], strict=True)
        return {member: email for member, email in pairs if isinstance(email, str)}


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
    conclude(job, report, standing, publish=False)  # nobody's removal waits for a file
    keys = pd.DataFrame(
        [(one.asked.member_kind, one.asked.member_id) for one in due], columns=["kind", "member_id"]
    )
    with job.warehouse(read_only=True) as con:
        rights = queries.grants_of(con, label, keys)
        reached = rights[["asset_kind", "asset_id"]].drop_duplicates()
        controllers = controllers_now(job.settings, con, label, reached)
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


class StillAsked:
    """What a fresh report says of the changes that earlier checks proposed."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        read = {edge["edge"] for edge in report["edges"] if edge["complete"]}
        self._lists_are_whole = read.issuperset(LISTINGS)
        self._is_whole = bool(report["check"]["complete"])
        self._directory_is_whole = all(source["accepted"] for source in report["directory"])
        self._held_back = {one["id"]: one for one in report["held_back"]}
        self._proposed = {one["id"]: one for one in report["proposals"]}

    def of(self, change: str) -> tuple[str, str]:
        """Return go, stale or blocked with the reason; nothing where the report can't say.

        The same change id means the same facts: ids, names, addresses, role, grants and status (design §9).
        """
        if not self._lists_are_whole:  # no removal rests on half a list: it waits, or lapses
            return "", ""
        if held := self._held_back.get(change):
            return ("blocked", " ".join(held["held_back"])) if self._directory_is_whole else ("", "")
        if proposal := self._proposed.get(change):
            if not self._directory_is_whole and proposal.get("was", proposal["kind"]) == "resolve":
                return "", ""  # whoever is matched to nobody may stand in what was not read
            if holds := proposal.get("if_removed"):
                return "blocked", " ".join(holds)
            return "go", ""
        if not self._is_whole or not self._directory_is_whole:
            return "", ""
        return "stale", "what it rested on is not so any more: the next check asks again if need be"


def _seat(approval: Approval) -> tuple[str, str]:
    return approval.asked.member_kind, approval.asked.member_id
