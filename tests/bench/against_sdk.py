"""Extraction against Meta's official SDK, by the sandbox's own log."""

import json
import statistics
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from tests.bench.processes import admin, check, run, sandbox, workspace

Grants = set[tuple[str, str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Traffic:
    """What one way of reading cost: HTTP requests, calls as Meta counts them, seconds from first to last."""

    requests: int
    calls: int
    span_s: float


def traffic(log: list[dict[str, Any]]) -> Traffic:
    """Sum up rows of the sandbox's request log."""
    times = [datetime.fromisoformat(row["at"]) for row in log]
    calls = sum(max(1, len(row["items"])) for row in log)
    return Traffic(len(log), calls, (max(times) - min(times)).total_seconds())


def measure(*, members: int, pages: int, ad_accounts: int, latency_ms: int, times: int) -> list[str]:
    """Return the lines of the comparison: medians of `times` runs each, in turn, in one sandbox."""
    ways: dict[str, list[Traffic]] = {"official SDK": [], "hubroster": [], "hubroster, expansion refused": []}
    rows: dict[str, Grants] = {}
    flags = {"members": members, "pages": pages, "ad_accounts": ad_accounts, "directory": members + 100}
    with sandbox(**flags, latency_ms=latency_ms) as world:
        seen = 0
        for _ in range(times):
            for way, costs in ways.items():
                admin(world, "switches", {"expansion": "refused" if "refused" in way else "on"})
                rows[way] = _by_sdk(world) if way == "official SDK" else _by_us(world)
                log = admin(world, "requests")["requests"]
                costs.append(traffic(log[seen:]))
                seen = len(log)
    return _table(ways, rows)


def _by_sdk(world: dict[str, Any]) -> Grants:
    ran = run("tests.bench.sdk_worker", stdin=json.dumps(world))
    if ran.code != 0:
        raise RuntimeError(f"the SDK's worker failed with {ran.code}")
    found = (json.loads(line) for line in ran.out.splitlines())
    return {(member, asset, tuple(tasks)) for member, asset, tasks in found}


def _by_us(world: dict[str, Any]) -> Grants:
    with workspace(world) as env:
        _, result = check(env)
        if not result["complete"]:
            raise RuntimeError("the check was not complete")
        path = Path(result["snapshot"])
        with duckdb.connect(str(path), read_only=True) as con:
            found = con.execute(
                "select member_id, asset_id, tasks from roster.grants where valid_to is null"
            ).fetchall()
    return {(member, asset, tuple(sorted(tasks))) for member, asset, tasks in found}


def _table(ways: dict[str, list[Traffic]], rows: dict[str, Grants]) -> list[str]:
    lines = [
        "| way | grants | HTTP requests | calls as Meta counts | first to last request | requests | time |"
    ]
    lines.append("|---|---:|---:|---:|---:|---:|---:|")
    base = None
    for way, costs in ways.items():
        requests = statistics.median(cost.requests for cost in costs)
        calls = statistics.median(cost.calls for cost in costs)
        span = statistics.median(cost.span_s for cost in costs)
        base = base or (requests, span)
        lines.append(
            f"| {way} | {len(rows[way]):,} | {requests:,.0f} | {calls:,.0f} | {span:.2f} s "
            f"| 1/{base[0] / requests:.0f} | 1/{base[1] / span:.0f} |"
        )
    same = all(found == rows["official SDK"] for found in rows.values())
    lines.append("")
    lines.append(f"The same grants by all three: {'yes' if same else 'NO'}.")
    return lines
