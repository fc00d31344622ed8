"""check-all-hubs: every hub of the workspace, some at once; then one snapshot of what all of them came to."""

import logging
import os
from collections.abc import Sequence
from typing import Any

from prefect import flow
from prefect.client.orchestration import get_client

from flows.checking.publishing import publish_aside
from flows.checking.shares import Answer, check_hubs
from flows.checking.steps import step
from flows.checking.summary import needs_an_operator
from flows.review.words import counted
from flows.settings import load_settings
from tasks.errors import HubrosterError

NAMED = 20  # labels in the last line
AT_ONCE = 4  # half of a check is waiting for Meta; each is a process of some 400 MB

progress = logging.getLogger("hubroster.progress")


@flow(name="check-all-hubs", persist_result=False, retries=0)
async def check_all_hubs(at_once: int = AT_ONCE) -> dict[str, Any]:
    """Check every hub, `at_once` of them at a time, each a check-for-updates run; one harms no other.

    Returns `{"hubs": how many, "snapshot", "snapshot_masked"}`. Each hub's answer goes out as it comes, as
    `hub` of a record of the progress log. Raises HubrosterError at the end with the labels that need an
    operator: Prefect shows the run as failed then.
    """
    settings = load_settings()
    began, answers, labels = settings.now(), [], [hub.label for hub in settings.hubs]

    def done(answer: Answer) -> None:
        answers.append(answer)
        line = f"{len(answers)} of {len(labels)}: {sentence(answer)}"
        progress.info("%s", line, extra={"hub": answer})

    await check_hubs(labels, at_once, await _surroundings(), done)
    complete = any(answer.get("result", {}).get("complete") for answer in answers)
    published = publish_task(settings, began) if complete else None
    if any(map(needs_somebody, answers)):
        raise HubrosterError(ending(answers))
    return {
        "hubs": len(labels),
        "snapshot": str(published.full) if published else None,
        "snapshot_masked": str(published.masked) if published else None,
    }


def needs_somebody(answer: Answer) -> bool:
    """Say whether an operator must act on a hub: its check failed, or would have exited 1."""
    return "error" in answer or needs_an_operator(answer["result"])


def ending(answers: Sequence[Answer]) -> str:
    """Return which hubs need an operator, and which of them nobody knows the state of."""
    needing = [answer["hub"] for answer in answers if needs_somebody(answer)]
    unknown = [answer["hub"] for answer in answers if "error" in answer or not answer["result"]["complete"]]
    told = f"; not checked to the end: {_named(unknown)}" if unknown else ""
    return (
        f"{len(needing)} of {counted(len(answers), 'hub')} {'needs' if len(needing) == 1 else 'need'} an "
        f"operator: {_named(needing)}{told}; see `hubroster hubs`, and `hubroster report` with each"
    )


def _named(labels: Sequence[str]) -> str:
    shown = sorted(labels)[:NAMED]
    return ", ".join(shown) + (f" and {len(labels) - NAMED} more" if len(labels) > NAMED else "")


def sentence(answer: Answer) -> str:
    """Return one line on a hub: what its check came to, or why it came to nothing."""
    if "error" in answer:
        return f"{answer['hub']}: {answer['error']}"
    result = answer["result"]
    parts = [f"{result['members']:,} members"]
    if not result["complete"]:
        parts.append("incomplete")
    parts += [f"directory {one['source']} refused" for one in result["directory"] if not one["accepted"]]
    asked = result["proposals"].get("remove", 0) + result["held_back"]  # among them open invitations
    if left := max(result["tabs"].get("deprovisioned", 0), asked):
        held = f" ({result['held_back']} can't be removed yet)" if result["held_back"] else ""
        parts.append(f"{left:,} left and still {'holds' if left == 1 else 'hold'} a seat{held}")
    if unmatched := result["tabs"].get("unmatched", 0):
        parts.append(f"{unmatched:,} matched to nobody")
    return ". ".join([f"{answer['hub']}: {', '.join(parts)}", *answer.get("notes", ())])


async def _surroundings() -> dict[str, str]:
    """Return the environment in which other processes find the Prefect server of this one."""
    async with get_client() as client:
        url = str(client.api_url).rstrip("/")
    if url.startswith("https:"):
        return os.environ | {"PREFECT_API_URL": url}
    # Without TLS there is nothing to verify, and reading the certificates takes half a second a check
    return os.environ | {"PREFECT_API_URL": url, "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true"}


publish_task = step("publish-snapshot", publish_aside)
