"""Many reads in one HTTP request: how a batch is written, and what each of its answers means (§6)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tasks.meta.access import Scrubber
from tasks.meta.json_text import loads
from tasks.meta.refusals import Refusal, lost, refusal

BATCH_ITEMS = 50  # Meta's maximum (§6)

Answer = dict[str, Any]


def batch_form(urls: Sequence[str]) -> dict[str, str]:
    """Return the form field that asks for these relative URLs, in their order."""
    items = [{"method": "GET", "relative_url": url} for url in urls]
    return {"batch": json.dumps(items, separators=(",", ":"))}


def item_outcome(item: object, scrub: Scrubber) -> Answer | Refusal:
    """Return one item's answer, or its refusal. A null item timed out at Meta's: to be asked again (§6)."""
    if not isinstance(item, dict):
        return lost("a batch item without an answer")
    try:
        body = loads(item["body"])
    except (KeyError, TypeError, ValueError):
        return lost("a batch item that is no JSON")
    if not isinstance(body, dict):
        return lost("a batch item that is no JSON object")
    status = item.get("code")
    status = status if isinstance(status, int) else 200
    if "error" in body:
        return refusal(body["error"], status, scrub, (item_headers(item),))
    return lost(f"a batch item with HTTP status {status}") if status >= 400 else body


def item_headers(item: Mapping[str, Any]) -> dict[str, str]:
    """Return an item's own headers: the limits that it ran into may stand there alone."""
    headers = item.get("headers")
    if not isinstance(headers, list):
        return {}
    return {str(one.get("name")): str(one.get("value")) for one in headers if isinstance(one, dict)}
