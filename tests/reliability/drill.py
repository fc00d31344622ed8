"""The drill: bad nights, one after the other, and after each the next check as if nothing had happened.

    python -m tests.reliability.drill --nights 2000 --seed 1

Each night begins with a hub that was checked well. Things go wrong, people act by hand, checks are made
meanwhile: whatever they say must be true of the stand-in's own world. Then the faults end, and the next check
must equal, by digest and by every open row, the check of a twin that slept through the night.
"""

import argparse
import atexit
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.progress import track

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from deployments.sandbox.switches import Switches
from tasks.errors import ClockOff
from tests.flows.plain_check import BoxWorkspace, Check, box_workspace
from tests.reliability.facts import Facts, open_facts
from tests.reliability.nights import Night, night
from tests.reliability.truth import assert_all_is_there, assert_nobody_is_told_gone, assert_nothing_is_lost

PLAN = WorldPlan(seed=7, members=26, pages=30, ad_accounts=10, directory=40)


class Drill:
    """One sandbox whose world begins each night anew, and the folder of a hub that was checked well."""

    def __init__(self, box: Sandbox, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.box, self.folder, self._patch = box, folder, patch
        self.dawn = deepcopy(vars(box.world))
        with box_workspace(folder / "good", patch, box) as good:
            self.snapshot = Path(good.check().told["snapshot"]).name
            self.facts = open_facts(good.warehouse)
        self._asleep: dict[tuple[str, ...], tuple[str, Facts, set[str]]] = {}

    def play(self, one: Night) -> None:
        """Play a night; raise AssertionError when a check said something false."""
        self._begin()
        early = one.hands[:-1] if one.late else one.hands
        try:
            with self._workspace(f"night-{one.seed}") as shaken:
                for hand in early:
                    act(shaken, hand)
                removable = self._twin(early)[2]
                self.box.admin("switches", one.switches)
                self.box.admin("faults", one.faults)
                stands, facts = self.snapshot, self.facts
                for _ in range(one.checks):
                    stands, facts = self._check_is_true(shaken.use(), removable, one, stands, facts)
                self._calm_down()
                for hand in one.hands[len(early) :]:
                    act(shaken, hand)
                digest, facts = ended(shaken.use())
                asleep_digest, asleep_facts, _ = self._twin(one.hands)
                assert digest == asleep_digest, "the digest differs from the twin's"
                assert facts == asleep_facts, _differences(facts, asleep_facts)
        finally:
            self._calm_down()
            shutil.rmtree(self.folder / f"night-{one.seed}", ignore_errors=True)

    def _check_is_true(
        self, shaken: BoxWorkspace, removable: set[str], one: Night, stands: str, before: Facts
    ) -> tuple[str, Facts]:
        """Make a check while things go wrong: it says nothing false, and incomplete it says so.

        `stands` is the name of the newest snapshot and `before` what the warehouse holds; return both anew.
        """
        try:
            check = shaken.read().load()
        except ClockOff:  # every answer bore a wrong date: nothing was written
            assert open_facts(shaken.warehouse) == before
            return stands, before
        world, after = self.box.world, open_facts(shaken.warehouse)
        complete = all(edge.complete for edge in check.edges if edge.required)
        assert_nothing_is_lost(world, before, after)
        if complete:
            assert_all_is_there(world, after, whole=not one.switches.get("hidden_fields"))
        reasons = [edge.reason for edge in check.edges if not edge.complete]
        assert all(reason and "\n" not in reason for reason in reasons)
        if one.stops:
            return stands, after
        check.match().draw().conclude()
        assert_nobody_is_told_gone(world, check)
        assert set(check.proposed("remove")) <= removable
        newest = Path(check.told["snapshot"]).name
        assert check.complete == complete == (newest != stands)
        assert complete or check.asks_for_help
        # conclude() has stored who is who, which only a second check asks for
        return newest, open_facts(shaken.warehouse) if one.checks > 1 else after

    def _twin(self, hands: tuple[str, ...]) -> tuple[str, Facts, set[str]]:
        """Return what the next check says where only hands were at work: digest, open rows, removals."""
        if hands not in self._asleep:
            world = deepcopy(vars(self.box.world))
            self._begin()
            with self._workspace("twin") as twin:
                for hand in hands:
                    act(twin, hand)
                check = twin.read().load().match().draw()
                removable = {*check.proposed("remove"), *check.held}
                self._asleep[hands] = (check.digest, _stands(twin, check), removable)
            self._set_world(world)
        return self._asleep[hands]

    @contextmanager
    def _workspace(self, name: str) -> Iterator[BoxWorkspace]:
        shutil.rmtree(self.folder / name, ignore_errors=True)
        shutil.copytree(self.folder / "good", self.folder / name)
        with box_workspace(self.folder / name, self._patch, self.box) as made:
            yield made

    def _begin(self) -> None:
        self._calm_down()
        self._set_world(deepcopy(self.dawn))

    def _calm_down(self) -> None:
        self.box.admin("faults", [])
        self.box.admin("switches", Switches().values())

    def _set_world(self, state: dict[str, Any]) -> None:
        version = self.box.world.version + 1  # what was listed of another state is listed anew
        vars(self.box.world).update(state)
        self.box.world.version = version
        self.box.admin("clock", {"now": datetime.now(UTC).isoformat()})  # writes the directory file anew


def ended(workspace: BoxWorkspace) -> tuple[str, Facts]:
    """Check once more, as far as the digest; return it and the open rows."""
    check = workspace.read().load().match().draw()
    assert all(edge.complete for edge in check.edges if edge.required)
    return check.digest, _stands(workspace, check)


def _stands(workspace: BoxWorkspace, check: Check) -> Facts:
    """Return the facts that hold, and who is who by them; not what the last finished check stored."""
    facts = open_facts(workspace.warehouse)
    assert check.standing is not None
    who = check.standing.seated.outcomes().astype("str").sort_values("stay_id")
    derived = ("stays", "links", "candidates")
    known = {table: rows for table, rows in facts.items() if table not in derived}
    return {**known, "who": list(who.itertuples(index=False, name=None))}


def act(workspace: BoxWorkspace, hand: str) -> None:
    """Let somebody do something by hand, at Meta or in the directory; always to the same ones."""
    world = workspace.box.world
    users = [user.id for user in world.users.values() if not user.is_system and user.role != "ADMIN"]
    if hand == "remove":
        workspace.admin(f"members/{users[3]}/remove")
    elif hand == "role":
        workspace.admin(f"members/{users[5]}/role", {"role": "ADMIN"})
    elif hand in ("grant", "revoke"):
        held = [one for one in users if world.grants.get(one)]
        asset = next(iter(world.grants[held[7]]))
        to = {"user": held[7] if hand == "revoke" else users[9], "asset": asset}
        workspace.admin("grants/revoke" if hand == "revoke" else "grants", {**to, "tasks": ["ANALYZE"]})
    elif hand == "accept":
        open_ones = [one.id for one in world.invites.values() if one.status == "PENDING"]
        workspace.admin(f"invites/{open_ones[0]}/accept")
    elif hand == "add":
        workspace.admin("members", {"name": "Zora Night", "id": "990000000000001"})
    elif hand == "leave":
        gone = next(row for row in world.directory if row["status"] == "active")
        workspace.admin(f"directory/{gone['person_id']}", {"status": "deprovisioned"})
    elif hand == "unshare":
        workspace.admin(f"assets/{next(one.id for one in world.assets.values() if one.is_client)}/unshare")


def _differences(ours: Facts, theirs: Facts) -> str:
    tables = [table for table in theirs if ours.get(table) != theirs[table]]
    return f"open rows differ in {', '.join(tables)}"


@contextmanager
def drilling() -> Iterator[Drill]:
    """Start a sandbox and check it well."""
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        Sandbox(PLAN) as box,
    ):
        yield Drill(box, Path(folder), patch)


def _reason(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    said = str(error).partition("\n")[0] or where.line
    return f"{type(error).__name__}: {said} ({Path(where.filename).name}:{where.lineno})"


@cache
def _drill_of_this_process() -> Drill:
    began = drilling()
    drill = began.__enter__()
    atexit.register(began.__exit__, None, None, None)
    return drill


def play_one(seed: int) -> tuple[int, str | None]:
    """Play a night in this process; return why it failed, or None."""
    try:
        _drill_of_this_process().play(night(seed))
    except Exception as error:  # noqa: BLE001 - a night that crashes has failed as well
        return seed, _reason(error)
    return seed, None


def main() -> int:
    """Play the nights on all cores; print those that failed, and how to play one again."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--nights", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    seeds = list(range(asked.seed, asked.seed + asked.nights))
    console = Console(stderr=True)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(seeds))) as pool:
        played = list(track(pool.map(play_one, seeds, chunksize=4), "Nights", len(seeds), console=console))
    failed = [(seed, reason) for seed, reason in played if reason]
    for seed, reason in failed:
        again = f"python -m tests.reliability.drill --nights 1 --seed {seed}"
        sys.stdout.write(f"night {seed}: {reason}\n  again: {again}\n")
    sys.stdout.write(f"{len(seeds)} nights, {len(failed)} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
