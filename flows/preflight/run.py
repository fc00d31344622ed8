"""Preflight: is everything connected as it must be. It looks, judges, and writes nothing anywhere."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from flows.preflight.hub import hub_facts
from flows.preflight.own import read_sources, workspace_facts
from flows.preflight.owners import Directory, owners_facts
from flows.sections import Hub
from flows.settings import Settings
from matching.preflight.connection import hub_points
from matching.preflight.facts import Hub as HubFacts
from matching.preflight.point import Point, broken
from matching.preflight.tokens import token_points
from matching.preflight.workspace import owners_point, workspace_points

AT_ONCE = 8  # hubs; each asks a handful of things


@dataclass(frozen=True, slots=True)
class Preflight:
    """The points of each hub by its label, and those of the workspace, each in a fixed order."""

    hubs: dict[str, list[Point]]
    workspace: list[Point]

    @property
    def broken(self) -> list[Point]:
        """What must be mended."""
        return broken([*self.workspace, *(point for points in self.hubs.values() for point in points)])


def preflight(settings: Settings, hubs: Sequence[Hub]) -> Preflight:
    """Look at these hubs and at the workspace. Raises nothing of ours: what fails is a point."""
    reads = read_sources(settings)
    directory = Directory(reads)
    facts = asyncio.run(_all(settings, hubs, directory))
    now = settings.now()
    return Preflight(
        {one.label: [*token_points(one, now), *hub_points(one, now), owners_point(one)] for one in facts},
        workspace_points(workspace_facts(settings, reads)),
    )


async def _all(settings: Settings, hubs: Sequence[Hub], directory: Directory) -> list[HubFacts]:
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(hub: Hub) -> HubFacts:
        async with slots:
            return await hub_facts(settings, hub, *owners_facts(settings, hub, directory))

    return list(await asyncio.gather(*(one(hub) for hub in hubs)))
