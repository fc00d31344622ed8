"""What Prefect's UI shows of a check: counts and completeness, never a name or an address."""

from collections.abc import Mapping
from typing import Any

from prefect.artifacts import acreate_markdown_artifact


def check_markdown(result: Mapping[str, Any]) -> str:
    """Return the page on one check as Markdown; `result` is what `check --json` prints."""
    edges = (
        f"| {e['edge']} | {e['rows']} | {'' if e['total'] is None else e['total']} | {_yes(e['complete'])} |"
        for e in result["edges"]
    )
    lines = [
        f"## Check of {result['hub']}: {'complete' if result['complete'] else 'not complete'}",
        "",
        f"Leavers held back: **{result['held_back']}** · proposals: {_counts(result['proposals'])} "
        f"· changes: {_counts(result['changes'])}",
        "",
        "| tab | members |",
        "|---|---:|",
        *(f"| {tab} | {count} |" for tab, count in result["tabs"].items()),
        "",
        "| edge | rows | total at Meta | complete |",
        "|---|---:|---:|---|",
        *edges,
        "",
        f"Names stand in the report alone: `hubroster report {result['hub']}` "
        f"(id `{result['report_id'][:12]}`). Nothing was changed at Meta.",
    ]
    return "\n".join(lines)


async def publish_check(label: str, markdown: str) -> None:
    """Store the page as an artifact of the flow run, under a key per hub."""
    await acreate_markdown_artifact(
        key=f"check-{label.replace('_', '-')}", markdown=markdown, description=f"Check of {label}"
    )


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in counts.items() if count) or "none"


def _yes(true: bool) -> str:
    return "yes" if true else "no"
