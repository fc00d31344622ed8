import json
from typing import Any

import httpx
import pytest

from tasks.errors import (
    MetaUnreachable,
    PermissionMissing,
)
from tasks.meta.client import MetaClient
from tests.tasks.scripted_meta import Script, batch_answer, batch_of, ok


def usage(minutes: float) -> dict[str, str]:
    entry = {"type": "ads_management", "call_count": 100, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"66": [entry]})}


def test_a_batch_keeps_the_order_and_counts_every_item_as_a_call() -> None:
    script = Script(batch_answer({"id": "1"}, {"error": {"code": 200, "message": "No."}}, {"id": "3"}))

    async def use(client: MetaClient) -> tuple[list[Any], int, int]:
        return await client.batch(["1", "2", "3"]), client.requests, client.calls

    answers, requests, calls = script.run(use)

    assert answers[0] == {"id": "1"}
    assert isinstance(answers[1], PermissionMissing)
    assert answers[2] == {"id": "3"}
    assert (requests, calls) == (1, 3)


def test_items_that_timed_out_or_failed_in_passing_are_asked_again_and_only_those() -> None:
    script = Script(
        batch_answer({"id": "1"}, None, {"error": {"code": 2, "message": "Later."}}, {"id": "4"}),
        batch_answer({"id": "2"}, {"id": "3"}),
    )

    assert [one["id"] for one in script.run(lambda client: client.batch(["1", "2", "3", "4"]))] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert [batch_of(request) for request in script.requests] == [["1", "2", "3", "4"], ["2", "3"]]


def test_an_item_that_never_comes_is_an_error_after_four_tries() -> None:
    script = Script(batch_answer(None))

    [error] = script.run(lambda client: client.batch(["1"]))

    assert isinstance(error, MetaUnreachable)
    assert len(script.requests) == 4


def test_a_limit_in_an_item_is_waited_for_by_the_items_own_headers() -> None:
    error = json.dumps({"error": {"code": 80004, "message": "Too many calls"}})
    headers = [{"name": name, "value": value} for name, value in usage(3).items()]
    limited = httpx.Response(200, json=[{"code": 400, "headers": headers, "body": error}])
    script = Script(limited, limited, batch_answer({"id": "1"}))

    assert script.run(lambda client: client.batch(["1"])) == [{"id": "1"}]
    assert script.slept == [pytest.approx(180, abs=1)] * 2


@pytest.mark.parametrize(
    "answer", [ok({"id": "1"}), ok([]), ok([None, None])], ids=["object", "short", "long"]
)
def test_a_batch_answer_that_does_not_fit_the_batch_is_asked_for_again(answer: httpx.Response) -> None:
    script = Script(answer, batch_answer({"id": "1"}))

    assert script.run(lambda client: client.batch(["1"])) == [{"id": "1"}]


def test_a_batch_of_more_than_fifty_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="51"):
        Script(ok({})).run(lambda client: client.batch(["1"] * 51))
