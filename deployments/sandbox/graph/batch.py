"""Batches (meta-graph-api.md §6, §9.15): up to 50 calls in one HTTP request, each with its own answer."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from deployments.sandbox.graph import errors
from deployments.sandbox.graph.api import Graph
from deployments.sandbox.graph.call import Answer, Call, meant_method
from deployments.sandbox.graph.json_text import from_json, to_json
from deployments.sandbox.graph.strikes import NullItem
from deployments.sandbox.graph.versions import VERSION

_MAX_ITEMS = 50  # §6

# §6: `{result=create-ad:$.data.*.id}`
_REFERENCE = re.compile(r"\{result=([^:{}]+):(\$[^{}]*)\}")
_STEP = re.compile(r"\.([A-Za-z0-9_]+|\*)|\[(\d+|\*)\]")


def is_batch(call: Call) -> bool:
    """Say whether a call is a batch: POST to the root with `batch`."""
    return call.method == "POST" and "batch" in call.params and len(call.path) <= 2


def answer_batch(graph: Graph, call: Call) -> Answer:
    """Return the answers in request order; the HTTP status is 200 whatever the items say (§6)."""
    exchange = call.exchange
    try:
        graph.admit(call)  # §6: a top-level token is required, whatever tokens the items bring
        items = _items(call.params["batch"])
    except errors.GraphError as error:
        return graph.refuse(call, error)
    with_headers = call.params.get("include_headers", "true").lower() not in ("false", "0")
    results: dict[str, Any] = {}  # name → what the item said, for later ones
    answers: list[dict[str, object] | None] = []
    for item in items:
        exchange.parts += 1
        answers.append(_answer_item(graph, call, item, results, with_headers))
    return graph.sent(call, answers)


def _items(text: str) -> list[dict[str, Any]]:
    try:
        items = from_json(text)
    except ValueError:
        raise errors.bad_parameter("batch", "a JSON array") from None
    if not isinstance(items, list) or not all(map(_is_item, items)):
        raise errors.bad_parameter("batch", "a JSON array of objects with method and relative_url")
    if len(items) > _MAX_ITEMS:
        raise errors.batch_too_large()
    return items


def _is_item(one: object) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("relative_url"), str)
        and isinstance(one.get("body", ""), str | None)
    )


def _answer_item(
    graph: Graph, batch: Call, item: dict[str, Any], results: dict[str, Any], with_headers: bool
) -> dict[str, object] | None:
    method = str(item.get("method", "GET")).upper()
    row: dict[str, object] = {
        "method": method,
        "path": _path(item["relative_url"]),
        "edge": None,
        "status": None,
    }
    batch.exchange.items.append(row)
    try:
        url, body = (_filled(item.get(name) or "", results) for name in ("relative_url", "body"))
        call = _call(batch, method, url, body)
        row["path"], row["edge"] = _path(url), call.edge_name()
        answer = graph.answer(call)
    except NullItem:
        return None  # §6: timed out; the client asks again
    except errors.GraphError as error:
        answer = graph.refuse(batch, error)
    row["status"] = answer.status
    if isinstance(item.get("name"), str):
        results[item["name"]] = answer.body if answer.status == 200 else None
    if item.get("omit_response_on_success") is True and answer.status == 200:
        return None  # §6: left out like a timed-out one (inference)
    made: dict[str, object] = {"code": answer.status, "body": to_json(answer.body).decode()}
    if with_headers:
        made["headers"] = [{"name": name, "value": value} for name, value in answer.headers]
    return made


def _path(relative_url: str) -> str:
    return unquote(relative_url.partition("?")[0])


def _call(batch: Call, method: str, url: str, body: str) -> Call:
    split = urlsplit("/" + url.lstrip("/"))
    own = dict(parse_qsl(split.query, keep_blank_values=True)) | dict(parse_qsl(body, keep_blank_values=True))
    if "access_token" not in own:
        # The batch's token and proof stand for the items without their own (§6).
        own |= {
            name: batch.params[name] for name in ("access_token", "appsecret_proof") if name in batch.params
        }
    path = [part for part in unquote(split.path).split("/") if part]
    if batch.version and not (path and VERSION.fullmatch(path[0])):
        path.insert(0, batch.version)  # an item without a version takes the batch's
    return Call(meant_method(method, own), path, None, own, batch.exchange, how="item")


def _filled(text: str, results: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        said = results.get(match[1])
        if said is None:
            # Assumption: how Meta refuses an item whose named one failed
            raise errors.GraphError(100, f"(#100) Dependency {match[1]} could not be resolved")
        return ",".join(str(one) for one in _at(said, match[2]))

    return _REFERENCE.sub(value, text) if "{result=" in text else text


def _at(value: Any, path: str) -> list[Any]:
    """Return what a simple JSONPath finds: names, indexes and stars."""
    found = [value]
    for name, index in _STEP.findall(path):
        found = [inner for one in found for inner in _step(one, name or index)]
    return found


def _step(value: Any, step: str) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values()) if step == "*" else [value[step]] if step in value else []
    if isinstance(value, list):
        if step == "*":
            return list(value)
        return [value[int(step)]] if step.isdigit() and int(step) < len(value) else []
    return []
