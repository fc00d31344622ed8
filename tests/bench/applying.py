"""Carrying out what was approved, against the very same requests sent by bare httpx."""

import csv
import json
import re
from pathlib import Path
from typing import Any

from tests.bench.processes import admin, check, run, sandbox, workspace

_MORE = """\
owners = {owners}
write_token = "env:BENCH_WRITE"
[policy]
hold_min = 0
[mail]
host = "{smtp_host}"
port = {smtp_port}
"""
_ALL = re.compile(r"^All that is recommended:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)


def measure(*, members: int, removals: int, latency_ms: int) -> list[str]:
    """Return the lines of the comparison: one run, as a removal can't be made twice.

    Who leaves hasn't Full control, so that one Owner's word is enough. The peer sends the requests that our
    run sent, method, address and body, with as many under way at once, to a second sandbox made alike; it
    reads nothing of the answers, and needs no proof.
    """
    flags: dict[str, object] = {
        "members": members,
        "directory": members + members // 4,
        "pages": members // 20,
        "ad_accounts": members // 20,
        "latency_ms": latency_ms,
    }
    with sandbox(**flags) as world, workspace(world) as env:
        make_owned(world, env)
        gone = _leave(world, removals)
        ours, requests = _apply(world, env)
        left = admin(world, "state")["users"]
        removed = sum(member not in left for member in gone)
    with sandbox(**flags) as world:
        peer = run("tests.bench.replay_worker", stdin=json.dumps({"world": world, "requests": requests}))
    bare = json.loads(peer.out)
    sent, first, bare_read_s = len(requests), len(requests) - ours["calls"], bare["all_s"] - bare["calls_s"]
    return [
        f"{removals:,} people left a hub of {members:,}; approved by one code, {latency_ms} ms a request.",
        "",
        "| | seconds | requests |",
        "|---|---:|---:|",
        f"| apply: read all again, match, decide, call, prove, write | {ours['apply_s']:.2f} | {sent:,} |",
        f"| of it the reading, from its first request to its last | {ours['read_s']:.2f} | {first:,} |",
        f"| of it from the first call to the last result | {ours['calls_s']:.2f} | {ours['calls']:,} |",
        f"| the same requests by bare httpx | {bare['all_s']:.2f} | {sent:,} |",
        f"| of them the reading, which waits for no cursor here | {bare_read_s:.2f} | {first:,} |",
        f"| of them those from the first call on | {bare['calls_s']:.2f} | {ours['calls']:,} |",
        "",
        f"Changes done and proved: {ours['done']:,}, seats and invitations; of {len(gone):,} people "
        f"{removed:,} are gone, the others were held back. Whole: {ours['apply_s'] / bare['all_s']:.2f}x; "
        f"calls and proofs: "
        f"{ours['calls_s'] / bare['calls_s']:.2f}x. Apply took {ours['cpu_s']:.1f} s of processor time and "
        f"{ours['peak_mb']:,.0f} MB at most.",
    ]


def make_owned(world: dict[str, Any], env: dict[str, str]) -> None:
    """Give the workspace Owners, a mail server and a token to write with."""
    state = admin(world, "state")
    ids = set(state["stories"]["owners"]["person_ids"])
    owners = [row["primary_email"] for row in state["directory"] if row["person_id"] in ids]
    path = Path(env["HUBROSTER_CONFIG"])
    text = path.read_text()
    more = _MORE.format(owners=json.dumps(owners), **world)
    path.write_text(text.replace("sandbox = true\n", f"sandbox = true\n{more}"))
    env["BENCH_WRITE"] = world["write_token"]


def _leave(world: dict[str, Any], removals: int) -> list[str]:
    """Mark so many people as gone in the directory's file, and return their seats."""
    state = admin(world, "state")
    truth = {member: key["person_id"] for member, key in state["answer_key"].items()}
    told = {person for story in state["stories"].values() for person in story.get("person_ids", ())}
    seats = [
        member
        for member, user in state["users"].items()
        if user["role"] == "EMPLOYEE" and not user["is_system"] and truth.get(member) not in {None, *told}
    ][:removals]
    gone = {truth[member] for member in seats}
    path = Path(world["directory_path"])
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        for row in rows:
            writer.writerow(row | ({"status": "deprovisioned"} if row["person_id"] in gone else {}))
    return seats


def _apply(world: dict[str, Any], env: dict[str, str]) -> tuple[dict[str, Any], list[Any]]:
    check(env)
    mails = admin(world, "mails")["mails"]
    code = next(found[1] for mail in mails if (found := _ALL.search(mail["text"] or "")))
    answered = run("deployments.cli", "decide", code, "--json", env=env)
    if answered.code != 0:
        raise RuntimeError(f"the answer had no effect: {answered.said}")
    ran = run("tests.bench.apply_worker", "bench", env=env)
    if ran.code != 0:
        raise RuntimeError(f"apply failed with {ran.code}: {ran.said}")
    found = json.loads(ran.out.strip().splitlines()[-1])
    return found | {"peak_mb": ran.peak_mb}, found.pop("requests")
