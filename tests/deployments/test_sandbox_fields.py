import httpx
import pytest

from deployments.sandbox.graph.errors import GraphError
from deployments.sandbox.graph.fields import parse_fields
from deployments.sandbox.server import Sandbox


def test_fields_nest_to_any_depth_with_modifiers_in_either_order() -> None:
    first, second = parse_fields("id, pages.limit(2).after(a(b)){name,roles{id}} ,")[0:2]

    assert (first.name, first.below) == ("id", None)
    assert (second.args, second.below_text) == ({"limit": "2", "after": "a(b)"}, "name,roles{id}")
    assert [one.name for one in second.below or ()] == ["name", "roles"]
    assert parse_fields("pages{name}.limit(2).as(p)")[0].key == "p"


@pytest.mark.parametrize("text", ["id{name", "id}", "id.limit", "id.limit(2", "id{name}}", "a b"])
def test_bad_grammar_is_2500(text: str) -> None:
    with pytest.raises(GraphError) as refused:
        parse_fields(text)

    assert refused.value.code == 2500


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        ("500", {"id", "name"}),
        ("100", {"id", "name", "business"}),
        ("200", {"id", "name"}),
        ("900", {"id", "email", "role", "status"}),
        ("700", {"id", "name"}),
        ("act_800", {"id", "account_id"}),
        ("810", {"id", "name"}),
        ("820", {"id", "name"}),
        ("600", {"id", "name"}),
    ],
)
def test_a_node_has_its_default_fields(graph: httpx.Client, path: str, keys: set[str]) -> None:
    assert set(graph.get(path).json()) == keys


def test_fields_replace_the_defaults_and_the_id_comes_along(graph: httpx.Client) -> None:
    assert graph.get("101", params={"fields": "email,business_role_request{status}"}).json() == {
        "email": "bo@x.test",
        "business_role_request": {"status": "ACCEPTED", "id": "901"},
        "id": "101",
    }
    assert graph.get("act_800?fields=account_id,account_status,currency,owner_business").json() == {
        "account_id": "800",
        "account_status": 1,
        "currency": "EUR",
        "owner_business": {"id": "500", "name": "Northwind"},
        "id": "act_800",
    }


def test_an_invitation_tells_times_and_who_sent_it(graph: httpx.Client) -> None:
    fields = "created_time,expiration_time,created_by,status,owner{id}"

    assert graph.get("900", params={"fields": fields}).json() == {
        "created_time": "2026-11-20T10:00:00+0000",
        "expiration_time": "2026-12-04T10:00:00+0000",
        "status": "PENDING",
        "created_by": {"id": "100", "name": "Ada B"},
        "owner": {"id": "500"},
        "id": "900",
    }


def test_a_field_that_the_type_does_not_have_is_refused_in_metas_words(graph: httpx.Client) -> None:
    error = graph.get("500/business_users?fields=id,nickname").json()["error"]

    assert error["code"] == 100
    assert (
        error["message"] == "(#100) Tried accessing nonexisting field (nickname) on node type (BusinessUser)"
    )


def test_a_field_without_a_value_or_out_of_sight_is_left_out(box: Sandbox, graph: httpx.Client) -> None:
    assert graph.get("102?fields=email,title").json() == {"id": "102"}

    box.admin("switches", {"hidden_fields": ["name", "email"]})
    assert graph.get("100?fields=name,email,role").json() == {"role": "ADMIN", "id": "100"}


def test_a_page_token_is_sent_only_to_who_asks_for_it_and_may(graph: httpx.Client) -> None:
    assert "access_token" not in graph.get("700").json()
    assert graph.get("700?fields=access_token").json()["access_token"]


def test_an_expanded_edge_has_its_own_pages(graph: httpx.Client) -> None:
    fields = "name,assigned_pages.limit(1).summary(true){id,tasks}"
    ada = graph.get("500/business_users", params={"fields": fields, "limit": "1"}).json()["data"][0]
    nested = ada["assigned_pages"]

    assert nested["data"] == [{"id": "700", "tasks": ["MANAGE", "ADVERTISE", "ANALYZE"]}]
    assert nested["summary"] == {"total_count": 3}
    rest = httpx.get(nested["paging"]["next"]).json()
    assert [row["id"] for row in rest["data"]] == ["701"]
    assert set(rest["data"][0]) == {"id", "tasks"}
    further = f"name,assigned_pages.limit(1).after({nested['paging']['cursors']['after']}){{id}}"
    again = graph.get("100", params={"fields": further}).json()
    assert [row["id"] for row in again["assigned_pages"]["data"]] == ["701"]


def test_edges_nest_below_edges_and_below_nodes_in_fields(graph: httpx.Client) -> None:
    fields = "business_users.limit(1){id,assigned_pages.limit(1){id,assigned_users.business(500){id,tasks}}}"
    page = graph.get("500", params={"fields": fields}).json()["business_users"]["data"][0]["assigned_pages"]

    assert page["data"][0]["assigned_users"]["data"] == [
        {"tasks": ["MANAGE", "ADVERTISE", "ANALYZE"], "id": "100"},
        {"tasks": ["ADVERTISE"], "id": "101"},
    ]
    user = graph.get("103?fields=business{owned_pages.limit(1){id}}").json()
    assert [one["id"] for one in user["business"]["owned_pages"]["data"]] == ["700"]


def test_role_and_tasks_are_fields_of_the_edge(graph: httpx.Client) -> None:
    assert {one["role"] for one in graph.get("500/system_users").json()["data"]} == {"ADMIN"}
    assert graph.get("200?fields=role").json()["error"]["code"] == 100
    assert graph.get("101/assigned_pages").json()["data"] == [
        {"id": "700", "name": "Shop", "tasks": ["ADVERTISE"]}
    ]
    assert "permitted_tasks" not in graph.get("100/assigned_pages").json()["data"][2]
    asked = graph.get("100/assigned_pages?fields=permitted_tasks").json()["data"]
    assert asked[2] == {"permitted_tasks": ["ADVERTISE", "ANALYZE"], "id": "702"}
