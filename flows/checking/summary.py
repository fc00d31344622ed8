"""The one object that `check --json` prints: what others script against (design §12)."""

from collections import Counter
from typing import Any

from flows.checking.job import CheckJob
from flows.review.words import counted
from matching.roster.changes import CHANGE_KINDS
from tasks.warehouse.snapshot import Published

PROPOSAL_KINDS = ("remove", "resolve", "re_review")


def summary(job: CheckJob, report: dict[str, Any], report_id: str, shown: Published | None) -> dict[str, Any]:
    """Return the summary of a check; `shown` are the newest snapshots, of this check or an earlier one."""
    proposals = Counter(proposal["kind"] for proposal in report["proposals"])
    changes = Counter(change["kind"] for change in report["changes"])
    return {
        "hub": job.hub.label,
        "check_id": job.check_id,
        "complete": report["check"]["complete"],
        "edges": report["edges"],
        **report["counts"],
        "directory": report["directory"],
        "tabs": report["tabs"],
        "changes": {kind: changes[kind] for kind in CHANGE_KINDS if changes[kind]},
        "proposals": {kind: proposals[kind] for kind in PROPOSAL_KINDS if proposals[kind]},
        "held_back": len(report["held_back"]),
        "report_id": report_id,
        "digest": report["digest"],
        "snapshot": str(shown.full) if shown else None,
        "snapshot_masked": str(shown.masked) if shown else None,
    }


def needs_an_operator(result: dict[str, Any]) -> bool:
    """Say whether a check exits 1: incomplete, a directory read refused, or a known leaver held back."""
    return bool(what_is_wrong(result))


def what_is_wrong(result: dict[str, Any]) -> list[str]:
    """Return for what a check exits 1, a few words each."""
    refused = [f"directory {read['source']} refused" for read in result["directory"] if not read["accepted"]]
    unread = [] if result["complete"] else ["not complete"]
    held = [f"{counted(result['held_back'], 'leaver')} held back"] if result["held_back"] else []
    return [*unread, *refused, *held]
