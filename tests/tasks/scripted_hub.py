"""A scripted hub: a few members, their grants on Pages, and how Meta answers for them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_grants, read_members
from tasks.meta.extraction import Extraction
from tasks.meta.sweep import MembersRead
from tests.tasks.scripted_meta import BUSINESS, Script, batch_of, ok, page, query

PAGES = "assigned_pages"


def grant(asset: int, *tasks: str) -> dict[str, object]:
    """Return a Page as an assigned edge lists it."""
    return {"id": str(asset), "name": f"Shop {asset}", "tasks": list(tasks) or ["ANALYZE"]}


class Hub:
    """A few members and their grants on Pages; `nested` and `item` say how the edge is answered."""

    def __init__(self, grants: dict[str, list[dict[str, object]]]) -> None:
        self.grants = grants
        self.nested: Callable[[str], object] = lambda member: page(*grants[member], total=len(grants[member]))
        self.item: Callable[[str, dict[str, str]], object] = lambda member, _: page(
            *grants[member], total=len(grants[member])
        )
        self.refuse: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
        self.asked_directly: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if (refusal := self.refuse(request)) is not None:
            return refusal
        if request.method == "POST":
            items = [self._item(url) for url in batch_of(request)]
            return httpx.Response(200, json=items)
        if request.url.path.endswith("/system_users"):
            return ok(page(total=0))
        expanded = PAGES in request.url.params["fields"]
        members = [self._member(member, expanded=expanded) for member in self.grants]
        return ok(page(*members, total=len(members)))

    def _member(self, member: str, *, expanded: bool) -> dict[str, object]:
        row: dict[str, object] = {"id": member, "name": f"Member {member}", "role": "EMPLOYEE"}
        nested = self.nested(member) if expanded else None
        return row if nested is None else {**row, PAGES: nested}

    def _item(self, url: str) -> dict[str, object] | None:
        member, edge = url.split("?")[0].split("/")
        if edge != PAGES:
            return {"code": 200, "body": json.dumps(page(total=0))}
        self.asked_directly.append(member)
        body = self.item(member, query(url))
        return None if body is None else {"code": 200, "headers": [], "body": json.dumps(body)}


def read_one(
    hub: Callable[[httpx.Request], httpx.Response], folder: Path, edge: str = PAGES
) -> tuple[list[MembersRead], EdgeRead, Script]:
    """Read both kinds of members and one assigned edge, as a check does."""
    script, job = Script(hub), Extraction(folder, BUSINESS)

    async def both(client: MetaClient) -> tuple[list[MembersRead], EdgeRead]:
        members = [await read_members(client, job, name) for name in ("business_users", "system_users")]
        return members, (await read_grants(client, job, members, [edge]))[0]

    members, found = script.run(both)
    return members, found, script


def lines(file: Path) -> list[dict[str, Any]]:
    """Return the rows of one file of a check folder."""
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def granted(folder: Path) -> set[tuple[str, str]]:
    """Return (member id, Page id) of every grant that was read."""
    return {(row["member_id"], row["id"]) for row in lines(folder / f"{PAGES}.ndjson.gz")}


def read_whole(folder: Path) -> list[str]:
    """Return the members whose Pages were read to the last one."""
    return sorted(row["member_id"] for row in lines(folder / f"{PAGES}.read.ndjson.gz"))


ADA_AND_BO = {"100": [grant(1, "MANAGE"), grant(2)], "101": [grant(2)], "102": []}


def unexpanded(grants: dict[str, list[dict[str, object]]]) -> Hub:
    """Return a hub where expansion leaves everything out."""
    hub = Hub(grants)
    hub.nested = lambda _: None
    return hub
