import httpx
import pytest

from deployments.sandbox.server import Sandbox


@pytest.mark.parametrize(
    ("path", "ids"),
    [
        ("500/business_users", ["100", "101", "102", "103", "104"]),
        ("500/pending_users", ["900"]),
        ("500/system_users", ["200"]),
        ("500/owned_pages", ["700", "701"]),
        ("500/client_pages", ["702"]),
        ("500/owned_ad_accounts", ["act_800"]),
        ("500/client_ad_accounts", []),
        ("500/owned_product_catalogs", ["810"]),
        ("500/client_product_catalogs", []),
        ("500/business_asset_groups", ["820"]),
        ("500/agencies", ["600"]),
        ("500/clients", ["601"]),
        ("100/assigned_pages", ["700", "701", "702"]),
        ("100/assigned_ad_accounts", ["act_800"]),
        ("100/assigned_product_catalogs", ["810"]),
        ("100/assigned_business_asset_groups", ["820"]),
        ("200/assigned_ad_accounts", ["act_800"]),
        ("700/assigned_users?business=500", ["100", "101"]),
        ("act_800/assigned_users?business=500", ["100", "200"]),
        ("810/assigned_users?business=500", ["100"]),
        ("820/assigned_users?business=500", ["100"]),
        ("700/assigned_users?business=601", []),
        ("act_800/users", ["100", "200"]),
        ("act_800/agencies", ["600"]),
        ("700/agencies", []),
        ("820/contained_pages", ["700"]),
        ("820/contained_adaccounts", ["act_800"]),
        ("820/contained_product_catalogs", []),
        ("me/assigned_ad_accounts", ["act_800"]),
        ("me/accounts", []),
        ("me/adaccounts", ["act_800"]),
        ("me/businesses", ["500"]),
    ],
)
def test_an_edge_lists_its_nodes(graph: httpx.Client, path: str, ids: list[str]) -> None:
    answer = graph.get(path)

    assert answer.status_code == 200
    assert [row["id"] for row in answer.json()["data"]] == ids


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("500/owned_businesses", "id,name"),
        ("500/pending_owned_pages", "id,page{id,name}"),
        ("500/pending_client_pages", "id,page"),
        ("500/pending_owned_ad_accounts", "id,ad_account"),
        ("500/pending_client_ad_accounts", "id,ad_account"),
        ("500/owned_pixels", "id,name"),
        ("500/owned_instagram_accounts", "id,username"),
        ("500/owned_whatsapp_business_accounts", "id,name,owner_business"),
        ("500/initiated_audience_sharing_requests", "id,recipient"),
        ("500/received_audience_sharing_requests", "id,initiator"),
        ("100/assigned_whatsapp_business_accounts", "id"),
        ("200/assigned_instagram_accounts", "id"),
    ],
)
def test_an_edge_that_meta_has_and_this_world_does_not_fill_is_empty_and_no_error(
    graph: httpx.Client, path: str, fields: str
) -> None:
    assert graph.get(path, params={"summary": "true"}).json() == {"data": [], "summary": {"total_count": 0}}
    assert graph.get(path, params={"fields": fields}).json() == {"data": []}
    node, edge = path.split("/")
    assert graph.get(node, params={"fields": f"id,{edge}"}).json() == {"id": node, edge: {"data": []}}
    assert graph.get(path, params={"fields": "nonsense"}).json()["error"]["code"] == 100


@pytest.mark.parametrize("asset", ["700", "act_800", "810", "820"])
def test_who_is_assigned_to_an_asset_is_told_only_with_a_business(graph: httpx.Client, asset: str) -> None:
    error = graph.get(f"{asset}/assigned_users").json()["error"]

    assert (error["code"], error["message"]) == (100, "(#100) The parameter business is required")


def test_me_is_the_tokens_system_user_with_its_scopes(graph: httpx.Client) -> None:
    assert graph.get("me").json() == {"id": "200", "name": "reader"}
    assert {"permission": "ads_read", "status": "granted"} in graph.get("me/permissions").json()["data"]


@pytest.mark.parametrize(
    ("path", "code", "subcode"),
    [
        ("1", 100, 33),
        ("act_1", 100, 33),
        ("800", 100, 33),  # without act_ it is no ad account
        ("1/business_users", 100, 33),
        ("nobody", 803, None),
        ("500/friends", 2500, None),
        ("500/assigned_pages", 2500, None),
        ("500/owned_pages/700", 2500, None),
        ("600/business_users", 200, None),
        ("600/owned_pixels", 200, None),
        ("?ids=", 100, 33),
    ],
)
def test_what_is_not_there_is_refused_as_meta_does(
    graph: httpx.Client, path: str, code: int, subcode: int | None
) -> None:
    error = graph.get(path).json()["error"]

    assert (error["code"], error.get("error_subcode")) == (code, subcode)
    assert error["fbtrace_id"]


def test_a_multi_get_answers_all_nodes_or_none(graph: httpx.Client) -> None:
    found = graph.get("?ids=100,act_800,700&fields=name").json()
    assert found["act_800"] == {"name": "Main", "id": "act_800"}
    assert list(found) == ["100", "act_800", "700"]

    assert graph.get("?ids=100,33&fields=name").json()["error"]["code"] == 803


def test_an_invitation_that_ran_out_says_so_by_the_clock(own_box: Sandbox, own_graph: httpx.Client) -> None:
    own_box.admin("clock", {"now": "2026-12-05T10:00:00Z"})

    assert own_graph.get("900").json()["status"] == "EXPIRED"
