"""Plays the days of `tests.bench.a_year`: a line of JSON each.

Takes the facts of the sandbox, and how many days. All checks run in one process with one temporary server of
Prefect's, whose start is paid before the first.
"""

import asyncio
import json
import os
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flows.server.home import settle_in
from flows.settings import load_settings
from tests.bench.a_year import PARTS
from tests.bench.processes import admin

DAY = timedelta(days=1)


class Hands:
    """What people do by hand, at Meta and in the directory, on each day of the year."""

    def __init__(self, world: dict[str, Any]) -> None:
        self._world, state = world, admin(world, "state")
        told = {m for story in state["stories"].values() for m in story.get("member_ids", ())}
        owners = set(state["stories"]["owners"]["person_ids"])
        truth = {m: key.get("person_id") for m, key in state["answer_key"].items()}
        plain = [m for m in state["users"] if m not in told and truth.get(m) and truth[m] not in owners]
        self._leaver = truth[plain[0]]
        granted = {user: given for user, given in state["grants"].items() if user in state["users"] and given}
        self._grant = next((user, asset) for user, given in granted.items() for asset in given)
        self._newcomers: list[str] = []

    def act(self, day: int) -> None:
        """Give or take a right every third day; a newcomer a week; a leaver a month, who comes back."""
        if day % 3 == 0:
            user, asset = self._grant
            what = {"user": user, "asset": asset}
            self._do("grants/revoke", what) if day % 6 else self._do("grants", what | {"tasks": ["ANALYZE"]})
        if day % 7 == 2:
            new = {"name": f"Nadia Newcomer{day}", "role": "EMPLOYEE", "email": f"n{day}@elsewhere.example"}
            self._newcomers.append(self._do("members", new)["id"])
        if day % 7 == 5:
            self._do(f"members/{self._newcomers.pop()}/remove", {})
        if day % 30 in (10, 20):
            status = "deprovisioned" if day % 30 == 10 else "active"
            self._do(f"directory/{self._leaver}", {"status": status})

    def _do(self, path: str, body: dict[str, Any]) -> Any:
        return admin(self._world, path, body)


def _bytes(home: Path) -> dict[str, int]:
    def of(path: Path) -> int:
        files = [one for one in path.rglob("*") if one.is_file()] if path.is_dir() else [path]
        return sum(one.stat().st_size for one in files if one.exists())

    return {part: of(home / part) for part in PARTS}


def main(told: str, days: str) -> None:
    """Check so many days."""
    world, settings = json.loads(told), load_settings()
    settle_in(settings)
    from flows.check import check_for_updates
    from flows.server.temporary import tie_server

    tie_server()
    hands = Hands(world)
    asyncio.run(_start_prefect())
    for day in range(int(days)):
        os.environ["HUBROSTER_CLOCK_S"] = str(day * DAY.total_seconds())
        admin(world, "clock", {"now": (datetime.now(UTC) + day * DAY).isoformat()})
        if day:
            hands.act(day)
        at, cpu = time.monotonic(), time.process_time()
        result = asyncio.run(check_for_updates("bench"))
        line = {
            "day": day,
            "wall_s": time.monotonic() - at,
            "cpu_s": time.process_time() - cpu,
            "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "complete": result["complete"],
            "members": result["members"],
            "changes": sum(result["changes"].values()),
            "bytes": _bytes(settings.home),
        }
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


async def _start_prefect() -> None:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        await client.hello()


if __name__ == "__main__":
    main(*sys.argv[1:])
