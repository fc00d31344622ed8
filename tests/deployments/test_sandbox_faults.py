"""Every fault of the schedule, in an own request, in an expansion and in a batch item."""

import json
import time
from typing import Any

import httpx
import pytest

from deployments.sandbox.faults.schedule import WHERE
from deployments.sandbox.server import AdminError, Sandbox

USERS = "500/business_users?fields=id&limit=2&summary=true"
PAGES = "fields=id,assigned_pages.limit(2).summary(true){id}"


def own(graph: httpx.Client) -> Any:
    return graph.get("100/assigned_pages?fields=id&limit=2&summary=true").json()


def nested(graph: httpx.Client) -> Any:
    answer = graph.get(f"100?{PAGES}").json()
    return answer.get("assigned_pages", answer)


def item(graph: httpx.Client) -> Any:
    call = {"method": "GET", "relative_url": "100/assigned_pages?fields=id&limit=2&summary=true"}
    answer = graph.post("", data={"batch": json.dumps([call])}).json()[0]
    return None if answer is None else json.loads(answer["body"])


WAYS = pytest.mark.parametrize("ask", [own, nested, item])


def schedule(box: Sandbox, fault: str, **more: object) -> None:
    box.admin("faults", [{"edge": "assigned_pages", "fault": fault, **more}])


@WAYS
def test_a_code_refuses_the_edge_however_it_is_asked_for(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "code", code=17, subcode=2446079)
    error = ask(graph)["error"]

    assert (error["code"], error["error_subcode"], error["is_transient"]) == (17, 2446079, True)
    assert len(ask(graph)["data"]) == 2  # once is once


@WAYS
def test_an_empty_page_goes_on_without_losing_a_row(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "empty_page")
    page = ask(graph)

    assert page["data"] == []
    assert [row["id"] for row in graph.get(page["paging"]["next"]).json()["data"]] == ["700", "701"]


def test_an_empty_page_in_the_middle_has_a_cursor_of_its_own(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("faults", [{"edge": "business_users", "fault": "empty_page", "nth": 2}])
    pages = [graph.get(USERS).json()]
    while "next" in pages[-1]["paging"]:
        pages.append(graph.get(pages[-1]["paging"]["next"]).json())

    assert [len(page["data"]) for page in pages] == [2, 0, 2, 1]
    cursors = [page["paging"]["cursors"]["after"] for page in pages]
    assert len(set(cursors)) == 4


def test_two_empty_pages_in_a_row_are_no_repeated_cursor(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("faults", [{"edge": "business_users", "fault": "empty_page", "nth": 2, "times": 2}])
    pages = [graph.get(USERS).json()]
    while "next" in pages[-1]["paging"]:
        pages.append(graph.get(pages[-1]["paging"]["next"]).json())

    assert [len(page["data"]) for page in pages] == [2, 0, 0, 2, 1]
    assert len({page["paging"]["cursors"]["after"] for page in pages}) == 5


@WAYS
def test_a_repeated_cursor_leads_back(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "repeat_cursor")
    page = ask(graph)

    assert graph.get(page["paging"]["next"]).json()["data"] == page["data"]


def test_a_repeated_cursor_is_the_one_that_was_sent(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("faults", [{"edge": "business_users", "fault": "repeat_cursor", "nth": 2, "times": None}])
    first = graph.get(USERS).json()
    for _ in range(3):
        page = graph.get(first["paging"]["next"]).json()
        assert page["paging"]["cursors"]["after"] == first["paging"]["cursors"]["after"]


@WAYS
def test_a_cursor_past_the_end_is_metas_error(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "cursor_past_end")

    assert "After Cursor specified exceeds" in ask(graph)["error"]["message"]


@WAYS
def test_a_wrong_total_is_off_by_one_or_by_what_is_said(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "wrong_total", by=-2)

    assert ask(graph)["summary"] == {"total_count": 1}
    assert ask(graph)["summary"] == {"total_count": 3}


@WAYS
def test_a_row_comes_twice_or_not_at_all(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "row_twice")
    assert [row["id"] for row in ask(graph)["data"]] == ["700", "701", "700"]

    schedule(box, "row_missing")
    page = ask(graph)
    assert [row["id"] for row in page["data"]] == ["701"]
    assert page["summary"] == {"total_count": 3}


def test_a_nested_edge_is_omitted_cut_or_refused(box: Sandbox, graph: httpx.Client) -> None:
    schedule(box, "nested_omitted")
    assert nested(graph) == {"id": "100"}

    schedule(box, "nested_cut")
    cut = nested(graph)
    assert [row["id"] for row in cut["data"]] == ["700"]
    assert [row["id"] for row in graph.get(cut["paging"]["next"]).json()["data"]] == ["701", "702"]

    schedule(box, "no_expansion")
    assert nested(graph)["error"]["code"] == 100


def test_what_happens_in_expansions_and_batches_does_not_hit_elsewhere(
    box: Sandbox, graph: httpx.Client
) -> None:
    for fault in ("nested_omitted", "no_expansion"):
        schedule(box, fault, times=None)
        assert len(own(graph)["data"]) == len(item(graph)["data"]) == 2
    for fault in ("null_item", "item_error"):
        schedule(box, fault, times=None)
        assert len(own(graph)["data"]) == len(nested(graph)["data"]) == 2


def test_a_batch_item_is_null_or_an_error(box: Sandbox, graph: httpx.Client) -> None:
    schedule(box, "null_item")
    assert item(graph) is None
    assert len(item(graph)["data"]) == 2

    schedule(box, "item_error")
    assert item(graph)["error"]["code"] == 2


def test_a_fault_hits_the_nth_time_of_asking_for_as_often_as_it_says(
    box: Sandbox, graph: httpx.Client
) -> None:
    schedule(box, "code", code=2, nth=2, times=2)
    assert ["error" in own(graph) for _ in range(5)] == [False, True, True, False, False]

    schedule(box, "code", code=2, method="POST")
    assert "error" not in own(graph)


def test_nested_edges_are_counted_one_by_one(box: Sandbox, graph: httpx.Client) -> None:
    schedule(box, "nested_omitted", nth=2)
    rows = graph.get(f"500/business_users?{PAGES}&limit=3").json()["data"]

    assert ["assigned_pages" in row for row in rows] == [True, False, True]


def test_only_large_pages_are_hit_with_above(box: Sandbox, graph: httpx.Client) -> None:
    schedule(box, "code", code=1, times=None, above=10)

    assert graph.get("100/assigned_pages?limit=11").status_code == 500
    assert graph.get("100/assigned_pages?limit=10").status_code == 200


def test_limits_come_with_exhausted_usage_headers_with_none_or_the_usual(
    box: Sandbox, graph: httpx.Client
) -> None:
    faults = [{"edge": "assigned_ad_accounts", "fault": "code", "code": 80004, "times": 3}]
    path = "100/assigned_ad_accounts"

    box.admin("faults", [faults[0] | {"headers": True, "minutes": 3}])
    headers = graph.get(path).headers
    assert json.loads(headers["x-app-usage"])["call_count"] == 100
    assert json.loads(headers["x-business-use-case-usage"])["500"][0]["estimated_time_to_regain_access"] == 3
    assert json.loads(headers["x-ad-account-usage"])["reset_time_duration"] == 180

    box.admin("faults", [faults[0] | {"headers": False}])
    assert not [name for name in graph.get(path).headers if "usage" in name]
    box.admin("faults", faults)
    assert json.loads(graph.get(path).headers["x-app-usage"])["call_count"] == 0


def test_node_and_debug_token_can_be_hit_too(box: Sandbox, graph: httpx.Client) -> None:
    box.admin("faults", [{"edge": name, "fault": "code", "code": 2} for name in ("node", "debug_token")])

    assert graph.get("500").json()["error"]["code"] == 2
    assert graph.get("debug_token?input_token=x").json()["error"]["code"] == 2


@WAYS
def test_a_slow_answer_is_slow_and_right(box: Sandbox, graph: httpx.Client, ask: Any) -> None:
    schedule(box, "slow", seconds=0.3)
    start = time.monotonic()

    assert len(ask(graph)["data"]) == 2
    assert time.monotonic() - start > 0.29


@pytest.mark.parametrize(
    ("faults", "word"),
    [
        ({}, "list"),
        ([1], "fault 0: must be an object"),
        ([{"edge": "x"}], "fault is missing"),
        ([{"fault": "reset"}], "edge is missing"),
        ([{"edge": "x", "fault": "rest"}], "no fault 'rest'"),
        ([{"edge": "x", "fault": "code"}], "code is missing"),
        ([{"edge": "x", "fault": "slow", "secs": 3}], "no field 'secs'"),
        ([{"edge": "x", "fault": "slow", "nth": "2"}], "nth can't be"),
        ([{"edge": "x", "fault": "slow", "nth": True}], "nth can't be"),
        ([{"edge": "x", "fault": "slow", "nth": 0}], "nth counts from 1"),
        ([{"edge": "x", "fault": "slow", "times": -1}], "times counts from 1"),
        ([{"edge": "x", "fault": "slow", "method": "GOT"}], "GET, POST or DELETE, not 'GOT'"),
    ],
)
def test_a_schedule_that_makes_no_sense_is_refused_and_the_old_one_stays(
    box: Sandbox, faults: object, word: str
) -> None:
    schedule(box, "slow")
    with pytest.raises(AdminError, match=word):
        box.admin("faults", faults)

    assert [one["fault"] for one in box.admin("faults")["faults"]] == ["slow"]


def test_the_names_are_those_of_the_contract() -> None:
    contract = """code empty_page repeat_cursor cursor_past_end wrong_total row_twice row_missing
        nested_omitted nested_cut no_expansion null_item item_error slow hang cut_body wrong_length
        html_502 reset bad_gzip wrong_date"""

    assert set(WHERE) == set(contract.split())
