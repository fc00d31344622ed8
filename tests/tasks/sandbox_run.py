"""One extraction against the stand-in over a socket, and what must hold of it whatever the stand-in does."""

import asyncio
import gzip
import json
from pathlib import Path
from typing import Any

from deployments.sandbox.server import Sandbox
from tasks.meta.access import MetaAccess
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_business, read_grants, read_listings, read_members
from tasks.meta.extraction import Extraction
from tasks.meta.wire import ASSIGNED_EDGES, EDGES

KINDS = {
    "assigned_pages": "page",
    "assigned_ad_accounts": "ad_account",
    "assigned_product_catalogs": "product_catalog",
    "assigned_business_asset_groups": "business_asset_group",
}


class Run:
    """One extraction: its folder, its completeness rows, its client."""

    def __init__(self, folder: Path, reads: list[EdgeRead], client: MetaClient, said: list[str]) -> None:
        self.folder, self.client, self.said = folder, client, said
        self.edges = {read.edge: read for read in reads}

    def rows(self, edge: str) -> list[dict[str, Any]] | None:
        file = self.folder / f"{edge}.ndjson.gz"
        if not file.exists():
            return None
        return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]

    def facts(self) -> dict[str, list[str]]:
        """Return the sorted rows of all files."""
        return {
            file.name: sorted(gzip.decompress(file.read_bytes()).decode().splitlines())
            for file in self.folder.glob("*.gz")
        }


def extract(box: Sandbox, folder: Path, *, timeout_s: float = 20, **changes: Any) -> Run:
    """Read the whole hub; no time passes while the client waits."""
    job, said = Extraction(folder, box.world.business.id), []
    access = {"graph_url": box.graph_url, "api_version": "v26.0", "token": box.world.access_token}
    access = {**access, "app_secret": box.world.app_secret, "sandbox": True, **changes}

    async def no_time(_: float) -> None:
        await asyncio.sleep(0)

    async def session() -> Run:
        client = MetaClient(
            MetaAccess(**access), say=said.append, sleep=no_time, now=box.clock.now, timeout_s=timeout_s
        )
        async with client:
            await read_business(client, job)
            listings, *members = await asyncio.gather(
                read_listings(client, job),
                read_members(client, job, "business_users"),
                read_members(client, job, "system_users"),
            )
            grants = await read_grants(client, job, members)
        return Run(folder, [*(read.listing for read in members), *listings, *grants], client, said)

    return asyncio.run(session())


def true_ids(box: Sandbox, edge: str) -> set[str]:
    world = box.world
    if edge in ("business_users", "system_users"):
        return {user.id for user in world.users.values() if user.is_system is (edge == "system_users")}
    if edge == "pending_users":
        return set(world.invites)
    if edge in ("agencies", "clients"):
        return set(getattr(world, edge))
    relation, kind = (
        ("owned", "business_asset_group") if edge == "business_asset_groups" else edge.split("_", 1)
    )
    return {asset.id for asset in world.assets_of(kind.removesuffix("s"), is_client=relation == "client")}


def true_grants(box: Sandbox, edge: str) -> set[tuple[str, str, tuple[str, ...]]]:
    held = box.world.grants.items()
    assets = box.world.assets
    return {
        (member, asset, tuple(tasks))
        for member, grants in held
        for asset, tasks in grants.items()
        if assets[asset].kind == KINDS[edge]
    }


def assert_nothing_false(box: Sandbox, run: Run) -> None:
    """Whatever counts as read is exactly what is true; what isn't says so."""
    assert set(run.edges) == {*EDGES, *ASSIGNED_EDGES}
    for edge in EDGES:
        ids = [row["id"] for row in run.rows(edge) or []]
        assert len(ids) == len(set(ids))
        assert set(ids) <= true_ids(box, edge)
        assert not run.edges[edge].complete or set(ids) == true_ids(box, edge)
    everybody = true_ids(box, "business_users") | true_ids(box, "system_users")
    for edge in ASSIGNED_EDGES:
        found = [(row["member_id"], row["id"], tuple(row["tasks"])) for row in run.rows(edge) or []]
        read = {row["member_id"] for row in run.rows(f"{edge}.read") or []}
        assert len(found) == len(set(found))
        assert {one for one in found if one[0] in read} == {
            one for one in true_grants(box, edge) if one[0] in read
        }
        assert not run.edges[edge].complete or read == everybody
    for read in run.edges.values():
        assert read.complete == (read.reason is None)
        assert read.reason is None or "\n" not in read.reason
