"""Faults that hit writes: refused before Meta does them, or done without the client knowing."""

import json
import time
from typing import Any

import httpx
import pytest

from deployments.sandbox.faults.schedule import ON_WRITES, WHERE
from deployments.sandbox.server import Sandbox

NO_ANSWER = ["cut_body", "wrong_length", "html_502", "reset", "bad_gzip"]
EDGE = {"edge": "assigned_users", "method": "POST"}


def assign(graph: httpx.Client) -> Any:
    return graph.post("700/assigned_users", data={"user": "103", "tasks": '["ANALYZE"]'}).json()


def remove(graph: httpx.Client) -> Any:
    return graph.delete("101").json()


def assign_in_batch(graph: httpx.Client) -> Any:
    item = {"method": "POST", "relative_url": "700/assigned_users", "body": "user=103&tasks=ANALYZE"}
    answer = graph.post("", data={"batch": json.dumps([item])}).json()[0]
    return None if answer is None else json.loads(answer["body"])


def remove_in_batch(graph: httpx.Client) -> Any:
    answer = graph.post("", data={"batch": json.dumps([{"method": "DELETE", "relative_url": "101"}])}).json()[
        0
    ]
    return None if answer is None else json.loads(answer["body"])


WAYS = pytest.mark.parametrize(
    ("fault", "act"),
    [
        (EDGE, assign),
        (EDGE, assign_in_batch),
        ({"edge": "node", "method": "DELETE"}, remove),
        ({"edge": "node", "method": "DELETE"}, remove_in_batch),
    ],
)


def is_done(box: Sandbox) -> bool:
    return "700" in box.world.grants.get("103", {}) or "101" not in box.world.users


@WAYS
@pytest.mark.parametrize("before", [None, True, False])
def test_a_code_comes_before_the_write_unless_said_otherwise(
    own_box: Sandbox, own_graph: httpx.Client, fault: dict[str, Any], act: Any, before: bool | None
) -> None:
    more = {} if before is None else {"before": before}
    own_box.admin("faults", [{**fault, **more, "fault": "code", "code": 2}])

    assert act(own_graph)["error"]["code"] == 2
    assert is_done(own_box) is (before is False)
    if before is not False:
        assert act(own_graph) == {"success": True}  # once is once


@WAYS
@pytest.mark.parametrize("name", NO_ANSWER)
@pytest.mark.parametrize("before", [None, True])
def test_an_answer_that_is_lost_or_spoiled_leaves_the_write_done_or_not(
    own_box: Sandbox, own_graph: httpx.Client, fault: dict[str, Any], act: Any, name: str, before: bool | None
) -> None:
    more = {} if before is None else {"before": before}
    own_box.admin("faults", [{**fault, **more, "fault": name}])
    with pytest.raises((httpx.HTTPError, ValueError)):
        act(own_graph)

    assert is_done(own_box) is (before is None)


@pytest.mark.parametrize("before", [False, True])
def test_silence_after_a_write_and_before_it(own_box: Sandbox, own_graph: httpx.Client, before: bool) -> None:
    own_box.admin("faults", [{**EDGE, "fault": "hang", "before": before}])
    with pytest.raises(httpx.ReadTimeout):
        own_graph.post("700/assigned_users", data={"user": "103", "tasks": "ANALYZE"}, timeout=0.3)

    assert is_done(own_box) is not before
    assert own_box.admin("requests")["requests"][-1]["status"] is None


def test_the_answer_is_spoiled_also_when_it_is_a_refusal(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("faults", [{"edge": "node", "fault": "html_502", "times": 1}])

    assert own_graph.delete("100").status_code == 502
    assert own_graph.delete("100").json()["error"]["code"] == 3914


@pytest.mark.parametrize("before", [None, True])
def test_a_null_item_was_done_unless_it_was_hit_before(
    own_box: Sandbox, own_graph: httpx.Client, before: bool | None
) -> None:
    more = {} if before is None else {"before": before}
    own_box.admin("faults", [{"edge": "assigned_users", "fault": "null_item", **more}])

    assert assign_in_batch(own_graph) is None
    assert is_done(own_box) is (before is None)


def test_a_slow_write_and_one_with_a_wrong_date_are_right(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("faults", [{**EDGE, "fault": "slow", "seconds": 0.3}, {**EDGE, "fault": "wrong_date"}])
    start = time.monotonic()

    assert assign(own_graph) == {"success": True}
    assert time.monotonic() - start > 0.29
    assert is_done(own_box)


def test_faults_of_reads_and_writes_of_one_edge_are_told_apart_by_the_method(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    own_box.admin("faults", [{**EDGE, "fault": "code", "code": 2}])
    assert "data" in own_graph.get("700/assigned_users?business=500").json()
    assert own_graph.delete("700/assigned_users?user=101").json() == {"success": True}
    assert assign(own_graph)["error"]["code"] == 2

    bends = [{"edge": "assigned_users", "fault": name} for name in WHERE.keys() - ON_WRITES]
    own_box.admin("faults", bends)
    assert assign(own_graph) == {"success": True}
    assert {one["seen"] for one in own_box.admin("faults")["faults"]} == {0}  # they wait for a page


def test_the_second_write_of_an_edge_is_hit_when_the_schedule_says_so(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    own_box.admin("faults", [{**EDGE, "fault": "code", "code": 3919, "nth": 2, "times": 2}])

    assert ["error" in assign(own_graph) for _ in range(4)] == [False, True, True, False]


def test_a_limit_on_a_write_has_its_headers(own_box: Sandbox, own_graph: httpx.Client) -> None:
    fault = {**EDGE, "fault": "code", "code": 80004, "headers": True, "minutes": 3}
    own_box.admin("faults", [{**fault, "edge": "business_users"}])
    answer = own_graph.post("500/business_users", data={"email": "gil@x.test"})

    assert answer.json()["error"]["is_transient"] is True
    usage = json.loads(answer.headers["x-business-use-case-usage"])
    assert usage["500"][0]["estimated_time_to_regain_access"] == 3
    assert len(own_box.world.invites) == 1


def test_requests_while_a_limit_lasts_are_marked_in_the_log(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    """By Meta's clock: whoever waits by moving it has waited."""
    fault = {"edge": "business_users", "fault": "code", "code": 17, "headers": True, "minutes": 5}
    own_box.admin("faults", [fault])

    def marks() -> list[bool]:
        return [row.get("limited", False) for row in own_box.admin("requests")["requests"]]

    own_graph.get("500/business_users")  # is told to wait
    own_graph.get("500/owned_pages")  # doesn't
    assert marks() == [False, True]
    now = own_box.graph.clock.now()
    own_box.admin("clock", {"now": now.replace(year=now.year + 1).isoformat()})
    own_graph.get("500/business_users")
    assert marks() == [False, True, False]


def test_a_limit_without_headers_or_of_an_older_schedule_marks_nothing(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    fault = {"edge": "business_users", "fault": "code", "code": 17, "minutes": 5}
    own_box.admin("faults", [{**fault, "headers": False}])
    own_graph.get("500/business_users")
    own_graph.get("500/business_users")
    own_box.admin("faults", [{**fault, "headers": True}])
    own_graph.get("500/business_users")
    own_box.admin("faults", [])
    own_graph.get("500/business_users")

    assert not any("limited" in row for row in own_box.admin("requests")["requests"])
