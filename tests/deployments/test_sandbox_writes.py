"""What writes change, and how the switches bend that."""

import json
from typing import Any

import httpx
import pytest

from deployments.sandbox.graph.task_words import words_for
from deployments.sandbox.server import Sandbox
from deployments.sandbox.world import Asset

USERS = "assigned_users"
ADDED, REMOVED = "ad_account_add_user_to_role", "ad_account_remove_user_from_role"


def tasks_of(box: Sandbox, user: str, asset: str) -> list[str]:
    return list(box.world.grants.get(user, {}).get(asset, ()))


def give(graph: httpx.Client, asset: str, user: str, *tasks: str, **more: str) -> Any:
    return graph.post(f"{asset}/{USERS}", data={"user": user, "tasks": json.dumps(tasks), **more}).json()


def take(graph: httpx.Client, asset: str, user: str, **more: str) -> Any:
    return graph.delete(f"{asset}/{USERS}", params={"user": user, **more}).json()


DONE = {"success": True}


def test_a_grant_takes_the_place_of_the_one_before_unless_switched(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    assert give(own_graph, "700", "101", "ANALYZE", "MODERATE") == DONE
    assert tasks_of(own_box, "101", "700") == ["ANALYZE", "MODERATE"]

    own_box.admin("switches", {"assigning": "merge"})
    give(own_graph, "700", "101", "MESSAGING", "ANALYZE")
    assert tasks_of(own_box, "101", "700") == ["ANALYZE", "MODERATE", "MESSAGING"]


def test_meta_can_make_more_of_a_grant(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("switches", {"expand_tasks": True})

    give(own_graph, "700", "101", "MANAGE")
    assert set(tasks_of(own_box, "101", "700")) > {"MANAGE", "ADVERTISE", "ANALYZE"}
    give(own_graph, "act_800", "101", "ADVERTISE")
    assert tasks_of(own_box, "101", "act_800") == ["ADVERTISE", "ANALYZE"]
    give(own_graph, "702", "101", "ADVERTISE")
    assert tasks_of(own_box, "101", "702") == ["ADVERTISE", "ANALYZE"]


def test_business_is_optional_on_writes_unless_switched(own_box: Sandbox, own_graph: httpx.Client) -> None:
    assert give(own_graph, "700", "103", "ANALYZE") == DONE == take(own_graph, "700", "103")

    own_box.admin("switches", {"business_on_writes": "required"})
    for answer in (give(own_graph, "700", "103", "ANALYZE"), take(own_graph, "700", "103")):
        assert answer["error"]["message"] == "(#100) The parameter business is required"
    assert give(own_graph, "700", "103", "ANALYZE", business="500") == DONE


def test_taking_what_is_not_there_is_a_success_unless_switched(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    assert take(own_graph, "700", "103") == take(own_graph, "act_800", "103") == DONE

    own_box.admin("switches", {"revoke_missing": "refused"})
    assert take(own_graph, "700", "103")["error"]["code"] == 100
    assert take(own_graph, "act_800", "103")["error"]["code"] == 3919
    assert own_graph.delete("700/agencies?business=600").json()["error"]["code"] == 100


@pytest.mark.parametrize(
    ("vocabulary", "right", "wrong"),
    [
        ("classic", "MANAGE_LEADS", "FULL_CONTROL"),
        ("profile_plus", "PROFILE_PLUS_FULL_CONTROL", "MANAGE"),
        ("live", "COMMUNITY_ACTIVITY", "MODERATE"),
    ],
)
def test_every_page_takes_the_tasks_of_its_own_vocabulary(
    own_box: Sandbox, own_graph: httpx.Client, vocabulary: str, right: str, wrong: str
) -> None:
    own_box.world.assets["701"] = page = Asset("page", "701", "Blog", "500", vocabulary=vocabulary)

    assert give(own_graph, "701", "103", right) == DONE
    refused = give(own_graph, "701", "103", right, wrong)["error"]
    assert "JSON schema constraint 'enum' for the JSON field 'tasks.1'" in refused["message"]
    assert f"expected : '[{', '.join(words_for(page))}]'" in refused["message"]
    assert tasks_of(own_box, "103", "701") == [right]


def test_the_log_of_an_ad_account_names_who_wrote(own_box: Sandbox, own_graph: httpx.Client) -> None:
    ada = own_box.admin("tokens", {"kind": "USER", "role": "ADMIN"})["access_token"]
    mine = {"access_token": ada}

    give(own_graph, "act_800", "101", "ANALYZE", **mine)
    give(own_graph, "act_800", "103", "DRAFT")
    own_graph.delete("101", params=mine)
    rows = own_graph.get("act_800/activities?fields=actor_id,application_name,event_type,extra_data").json()
    told = [
        (
            row["actor_id"],
            row["event_type"],
            json.loads(row["extra_data"])["user_id"],
            row["application_name"],
        )
        for row in rows["data"][:3]
    ]
    assert told == [
        ("100", REMOVED, "101", "Sandbox app"),
        ("200", ADDED, "103", "Sandbox app"),
        ("100", ADDED, "101", "Sandbox app"),
    ]
    own_box.admin("grants/revoke", {"user": "103", "asset": "act_800"})
    rows = own_graph.get("act_800/activities?fields=application_name&limit=1").json()
    assert rows["data"][0]["application_name"] == "Business settings"


def test_system_users_are_limited_by_switches_and_neither_change_nor_leave(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    for answer in (own_graph.post("200", data={"name": "x"}), own_graph.delete("200")):
        assert answer.json()["error"]["error_subcode"] == 33

    def add(role: str) -> Any:
        return own_graph.post("500/system_users", data={"name": "feed", "role": role}).json()

    own_box.admin("switches", {"max_admin_system_users": 1})
    assert add("ADMIN")["error"]["code"] == 3965
    assert "id" in add("EMPLOYEE")
    own_box.admin("switches", {"max_system_users": 2})
    assert add("EMPLOYEE")["error"]["code"] == 3949


def test_an_expired_version_writes_as_the_next_usable_one(own_box: Sandbox, own_graph: httpx.Client) -> None:
    root = own_box.graph_url
    answer = own_graph.post(f"{root}/v20.0/101", data={"title": "Buyer"})
    assert (answer.json(), answer.headers["facebook-api-version"]) == (DONE, "v21.0")

    body = {"user": "101", "tasks": "ANALYZE"}
    answer = own_graph.post(f"{root}/v20.0/act_800/assigned_users", data=body)
    assert answer.json() == DONE
    assert "auto-upgraded" in answer.headers["x-ad-api-version-warning"]
    assert own_graph.post(f"{root}/v99.0/101", data=body).json()["error"]["code"] == 2500


def test_me_is_the_tokens_user_on_writes_too(own_box: Sandbox, own_graph: httpx.Client) -> None:
    bo = own_box.admin("tokens", {"kind": "USER", "role": "ADMIN"})["access_token"]

    assert own_graph.post("me", data={"title": "Boss", "access_token": bo}).json() == DONE
    assert own_box.world.users["100"].title == "Boss"


def test_writes_are_in_the_log_by_method_edge_and_status_and_without_a_token(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    token = own_box.admin("tokens", {"role": "ADMIN"})["access_token"]
    own_box.admin("requests", method="DELETE")
    give(own_graph, "700", "103", "ANALYZE", access_token=token)
    own_graph.delete("1", params={"access_token": token})
    items = [
        {"method": "DELETE", "relative_url": f"700/assigned_users?user=103&access_token={token}"},
        {"method": "POST", "relative_url": "101", "body": "role=KING"},
    ]
    own_graph.post("", data={"batch": json.dumps(items)})

    rows = own_box.admin("requests")["requests"]
    assert [(row["method"], row["edge"], row["status"]) for row in rows] == [
        ("POST", "assigned_users", 200),
        ("DELETE", None, 400),
        ("POST", None, 200),
    ]
    assert [(item["method"], item["edge"], item["status"]) for item in rows[2]["items"]] == [
        ("DELETE", "assigned_users", 200),
        ("POST", None, 400),
    ]
    assert token not in json.dumps(rows)


def test_items_of_a_batch_use_what_earlier_ones_wrote(own_graph: httpx.Client) -> None:
    items = [
        {"method": "POST", "relative_url": "500/business_users", "body": "email=gil@x.test", "name": "made"},
        {"method": "POST", "relative_url": "{result=made:$.id}", "body": "role=ADMIN"},
        {"method": "GET", "relative_url": "{result=made:$.id}?fields=role"},
        {"method": "DELETE", "relative_url": "{result=made:$.id}"},
        {"method": "GET", "relative_url": "500/pending_users?email=gil@x.test"},
    ]
    answers = [
        json.loads(one["body"]) for one in own_graph.post("", data={"batch": json.dumps(items)}).json()
    ]

    assert answers[1] == {"id": answers[0]["id"]}
    assert answers[2]["role"] == "ADMIN"
    assert answers[3:] == [DONE, {"data": []}]


@pytest.mark.parametrize("said", ["delete", "DELETE"])
def test_who_cannot_send_delete_says_it_in_a_parameter(
    own_box: Sandbox, own_graph: httpx.Client, said: str
) -> None:
    ways = (
        ("101", lambda: own_graph.post("101", data={"method": said})),
        ("102", lambda: own_graph.post(f"102?method={said}")),
        ("103", lambda: own_graph.post("103", json={"method": said})),
        ("104", lambda: own_graph.get(f"104?method={said}")),
    )
    for member, delete in ways:
        assert delete().json() == DONE
        assert member not in own_box.world.users
    page = {"user": "100", "business": "500", "method": said}
    assert own_graph.post("700/assigned_users", data=page).json() == DONE
    assert "700" not in own_box.world.grants["100"]
    item = {"method": "POST", "relative_url": f"act_800/assigned_users?user=100&method={said}"}
    own_graph.post("", data={"batch": json.dumps([item])})
    assert "act_800" not in own_box.world.grants["100"]

    rows = own_box.admin("requests")["requests"]
    assert [row["method"] for row in rows] == ["POST", "POST", "POST", "GET", "POST", "POST"], "as sent"


def test_a_long_question_may_come_as_a_post_and_no_other_method_is_made_up(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    asked = own_graph.post("500/business_users", data={"method": "get", "fields": "id", "limit": "2"})

    assert asked.json()["data"] == [{"id": "100"}, {"id": "101"}]
    assert own_graph.post("101", data={"method": "nonsense", "role": "ADMIN"}).json() == DONE
    assert own_graph.delete("102?method=get").json() == DONE
    assert "102" not in own_box.world.users
