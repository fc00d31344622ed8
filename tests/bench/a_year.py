"""A small hub checked every day for a year, with people coming, going and being given rights by hand.

`python -m tests.bench.a_year DAYS` prints what a check takes in each month, and what the home holds after it.
"""

import json
import sys
from statistics import median
from typing import Any

from tests.bench.applying import make_owned
from tests.bench.processes import run, sandbox, workspace

MONTH = 30
PARTS = ("warehouse.duckdb", "ledger.db", "reports", "raw", "../snapshots", "prefect", "logs")


def measure(days: int) -> list[str]:
    """Return the lines of the table: one row per thirty days."""
    small = {"members": 24, "pages": 6, "ad_accounts": 5, "directory": 60}
    with sandbox(**small) as world, workspace(world) as env:
        make_owned(world, env)
        ran = run("tests.bench.a_year_worker", json.dumps(world), str(days), env=env, seconds=7200)
    if ran.code != 0:
        raise RuntimeError(f"the year ended with {ran.code}: {ran.said}")
    found = [json.loads(line) for line in ran.out.splitlines()]
    months = [found[at : at + MONTH] for at in range(0, len(found), MONTH)]
    rows = [_row(number, month) for number, month in enumerate(months, 1) if len(month) == MONTH]
    first, last = _seconds(found[1:31]), _seconds(found[-30:])
    whole = sum(day["complete"] for day in found)
    return [
        "| month | a check, median | its processor time | members | changes told | "
        + " | ".join(PARTS)
        + " |",
        "|" + "---:|" * (5 + len(PARTS)),
        *rows,
        "",
        f"{whole} of {len(found)} checks were complete. Last thirty days against the first: "
        f"{last / first:.2f}x; peak memory of the process {found[30]['mb']:,.0f} MB after a month, "
        f"{found[-1]['mb']:,.0f} MB at the end.",
    ]


def _seconds(days: list[dict[str, Any]]) -> float:
    return median(day["wall_s"] for day in days)


def _row(number: int, month: list[dict[str, Any]]) -> str:
    last = month[-1]
    cells = [
        str(number),
        f"{_seconds(month):.2f} s",
        f"{median(day['cpu_s'] for day in month):.2f} s",
        str(last["members"]),
        str(sum(day["changes"] for day in month)),
        *(f"{last['bytes'][part] / 1e6:.2f} MB" for part in PARTS),
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.stdout.write("\n".join(measure(int(sys.argv[1]))) + "\n")
