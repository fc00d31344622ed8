import httpx
import pytest

from deployments.sandbox.server import Sandbox
from deployments.sandbox.world import User
from tests.deployments.small_world import HUB

USERS = f"{HUB}/business_users"


def ids(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [row["id"] for row in answer["data"]]


def test_pages_follow_one_another_to_the_last_row_and_no_further(graph: httpx.Client) -> None:
    seen: list[list[str]] = []
    after: dict[str, str] = {}
    while True:
        page = graph.get(USERS, params={"limit": "2", "fields": "id", **after}).json()
        seen.append(ids(page))
        if "next" not in page["paging"]:
            break
        after = {"after": page["paging"]["cursors"]["after"]}

    assert seen == [["100", "101"], ["102", "103"], ["104"]]
    assert page["paging"]["cursors"]["after"]  # there even on the last page


def test_a_page_holds_25_rows_unless_asked_otherwise_and_never_more_than_the_maximum(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    for number in range(40):
        own_box.world.users[f"3{number:02}"] = User(f"3{number:02}", f"User {number}", "EMPLOYEE")
    own_box.world.version += 1

    assert len(own_graph.get(USERS).json()["data"]) == 25
    own_box.admin("switches", {"max_limit": 30})
    assert len(own_graph.get(USERS, params={"limit": "5000"}).json()["data"]) == 30


def test_next_is_a_real_url_that_carries_everything_but_the_proof(box: Sandbox, graph: httpx.Client) -> None:
    page = graph.get(USERS, params={"limit": "2", "fields": "id", "summary": "true"}).json()
    url = httpx.URL(page["paging"]["next"])

    assert str(url).startswith(f"{box.graph_url}/v26.0/500/business_users?")
    assert set(url.params) == {"limit", "fields", "access_token", "after"}
    second = httpx.get(url).json()
    assert ids(second) == ["102", "103"]
    assert ids(httpx.get(second["paging"]["previous"]).json()) == ["100", "101"]


def test_an_empty_listing_is_bare(graph: httpx.Client) -> None:
    assert graph.get("103/assigned_pages").json() == {"data": []}
    assert graph.get("103/assigned_pages?summary=total_count").json() == {
        "data": [],
        "summary": {"total_count": 0},
    }


def test_the_total_is_told_when_asked_for(graph: httpx.Client) -> None:
    assert "summary" not in graph.get(USERS).json()
    for way in ("true", "1", "total_count", '["total_count"]'):
        assert graph.get(USERS, params={"summary": way}).json()["summary"] == {"total_count": 5}


@pytest.mark.parametrize("bad", [{"after": "nonsense"}, {"limit": "many"}, {"limit": "-1"}])
def test_what_no_endpoint_gave_out_is_refused(graph: httpx.Client, bad: dict[str, str]) -> None:
    assert graph.get(USERS, params=bad).json()["error"]["code"] == 100


def test_a_cursor_marks_a_row_so_that_none_is_missed_when_another_leaves(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    first = own_graph.get(USERS, params={"limit": "3", "fields": "id"}).json()
    own_box.admin("members/100/remove", {})
    after = first["paging"]["cursors"]["after"]

    assert ids(own_graph.get(USERS, params={"limit": "3", "after": after}).json()) == ["103", "104"]


def test_a_row_may_come_twice_but_none_is_missed_when_the_marked_row_leaves(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    first = own_graph.get(USERS, params={"limit": "3", "fields": "id"}).json()
    own_box.admin("members/102/remove", {})
    after = first["paging"]["cursors"]["after"]

    assert ids(own_graph.get(USERS, params={"limit": "3", "after": after}).json()) == ["103", "104"]


def test_a_cursor_beyond_a_listing_that_shrank_is_refused(own_box: Sandbox, own_graph: httpx.Client) -> None:
    last = own_graph.get(USERS).json()["paging"]["cursors"]["after"]
    for member in ("104", "103", "102", "101"):
        own_box.admin(f"members/{member}/remove", {})

    error = own_graph.get(USERS, params={"after": last}).json()["error"]
    assert error["message"].startswith("(#100) The After Cursor specified exceeds the max limit")


def test_rows_are_chosen_by_the_edges_own_filters(graph: httpx.Client) -> None:
    assert ids(graph.get("500/pending_users", params={"email": "NEW@x.test"}).json()) == ["900"]
    assert graph.get("500/pending_users", params={"email": "other@x.test"}).json() == {"data": []}
    assert ids(graph.get("100/assigned_pages", params={"pages": "[701,702]"}).json()) == ["701", "702"]
    assert ids(graph.get("500/owned_ad_accounts", params={"search_query": "main"}).json()) == ["act_800"]


def test_activities_are_chosen_by_time_and_category(graph: httpx.Client) -> None:
    whole = graph.get("act_800/activities?fields=event_time,event_type").json()["data"]
    assert [row["event_time"][:10] for row in whole] == ["2026-11-23", "2026-11-22", "2026-11-21"]

    some = graph.get("act_800/activities?since=2026-11-22&until=2026-11-22T23:59:59&category=ACCOUNT").json()
    assert len(some["data"]) == 1
    assert graph.get("act_800/activities?category=CAMPAIGN").json() == {"data": []}
    assert graph.get("act_800/activities?category=NOTHING").json()["error"]["code"] == 100

    first = graph.get("act_800/activities?limit=2").json()
    rest = httpx.get(first["paging"]["next"]).json()
    assert (len(first["data"]), len(rest["data"])) == (2, 1)
