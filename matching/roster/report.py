"""The report of a check: one value, frozen as canonical JSON and named by its hash."""

from collections.abc import Iterator, Sequence
from typing import Any

from matching.roster.canonical import canonical_pieces, digest_of

# Grows whenever a rule changes what a proposal rests on: an approval must not outlive its rules.
POLICY_VERSION = "1"


def assemble(
    *,
    hub: dict[str, str],
    check: dict[str, Any],
    edges: Sequence[dict[str, Any]],
    directory: Sequence[dict[str, Any]],
    counts: dict[str, int],
    tabs: dict[str, int],
    proposals: list[dict[str, Any]],
    kept: list[dict[str, Any]],
    changes: list[dict[str, Any]],
    log: list[dict[str, Any]],
    findings: list[dict[str, Any]],
) -> dict[str, Any]:
    """Return the report as one JSON value.

    `log` are Meta's own entries on ad accounts whose grants changed.
    `hub` has label, business_id, graph_url; `check` has check_id, started_at, complete, baseline.
    `kept` is what an Owner said no to: not asked, but told. A removal that something holds back is not
    proposed: it stands apart under `held_back`, with the reasons.
    The digest covers the proposals, the hub's identity and the policy version; no times, scores or order.
    """
    held_back = [p for p in proposals if p.get("held_back")]
    proposals = [p for p in proposals if not p.get("held_back")]
    identity = {"business_id": hub["business_id"], "graph_url": hub["graph_url"]}
    digest = digest_of(identity, POLICY_VERSION, [(p["subject"], p["evidence"]) for p in proposals])
    return {
        "format": 1,
        "policy_version": POLICY_VERSION,
        "digest": digest,
        "hub": hub,
        "check": check,
        "edges": list(edges),
        "directory": list(directory),
        "counts": counts,
        "tabs": tabs,
        "held_back": held_back,
        "proposals": proposals,
        "kept": kept,
        "changes": changes,
        "log": log,
        "findings": findings,
    }


def report_pieces(report: dict[str, Any]) -> Iterator[bytes]:
    """Yield the bytes to be kept, the canonical JSON: a report is named by their sha256."""
    return canonical_pieces(report)
