"""What a token sees, by its scopes, its user and the switches."""

import httpx
import pytest

from deployments.sandbox.server import Sandbox


def token(box: Sandbox, **asked: object) -> str:
    return str(box.admin("tokens", asked)["access_token"])


PEOPLE = [
    "500/business_users",
    "500/system_users",
    "500/pending_users",
    "500/owned_pages",
    "820/contained_pages",
]
ON_PAGES = ["700/assigned_users?business=500", "700/agencies"]
ON_ACCOUNTS = ["act_800/assigned_users?business=500", "act_800/activities"]
ON_CATALOGS = ["810/assigned_users?business=500", "810/agencies"]


@pytest.mark.parametrize(
    ("without", "refused", "named"),
    [
        (["business_management"], PEOPLE, "business_management"),
        (["pages_manage_metadata"], [], ""),
        (["pages_manage_metadata", "pages_show_list"], ON_PAGES, "pages_manage_metadata"),
        (["ads_management"], [], ""),
        (["ads_management", "ads_read"], ON_ACCOUNTS, "ads_management"),
        (["catalog_management"], ON_CATALOGS, "catalog_management"),
    ],
)
def test_a_missing_scope_is_named_by_every_edge_that_needs_it(
    own_box: Sandbox, client: httpx.Client, without: list[str], refused: list[str], named: str
) -> None:
    client.headers["Authorization"] = "Bearer " + token(own_box, role="ADMIN", without=without)

    for path in (*PEOPLE, *ON_PAGES, *ON_ACCOUNTS, *ON_CATALOGS):
        answer = client.get(path)
        if path in refused:
            assert answer.status_code == 403
            assert answer.json()["error"]["message"].startswith(f"(#200) Requires {named} permission")
        else:
            assert "data" in answer.json()


def test_a_person_finds_their_own_business_user(own_box: Sandbox, client: httpx.Client) -> None:
    client.headers["Authorization"] = "Bearer " + token(own_box, kind="USER", user="101")
    assert client.get("me/business_users?fields=role").json() == {"data": [{"role": "EMPLOYEE", "id": "101"}]}

    client.headers["Authorization"] = "Bearer " + token(own_box, role="ADMIN")
    assert client.get("me/business_users").json() == {"data": []}


def test_a_plain_system_user_sees_all_or_what_it_is_assigned_to(
    own_box: Sandbox, client: httpx.Client
) -> None:
    robot = own_box.admin("tokens", {"role": "EMPLOYEE"})
    own_box.admin("grants", {"user": robot["user_id"], "asset": "701", "tasks": ["ANALYZE"]})
    client.headers["Authorization"] = "Bearer " + robot["access_token"]

    def ids(path: str) -> list[str]:
        return [one["id"] for one in client.get(path).json()["data"]]

    assert ids("500/owned_pages") == ["700", "701"]
    own_box.admin("switches", {"system_user_sees": "assigned"})
    assert ids("500/owned_pages") == ids("100/assigned_pages") == ["701"]
    assert ids("500/owned_ad_accounts") == ids("500/client_pages") == []
    nested = client.get("500?fields=owned_pages.summary(true){id}").json()["owned_pages"]
    assert (nested["data"], nested["summary"]) == ([{"id": "701"}], {"total_count": 1})
    assert client.get("700").json()["error"]["error_subcode"] == 33
    assert client.get("700/assigned_users?business=500").json()["error"]["error_subcode"] == 33
    assert client.get("?ids=700,701").json()["error"]["code"] == 803
    assert len(ids("500/business_users")) == 5  # people stay
    client.headers["Authorization"] = "Bearer " + token(own_box, role="ADMIN")
    assert ids("500/owned_pages") == ["700", "701"]


def test_other_business_users_hide_their_address_or_themselves(
    own_box: Sandbox, client: httpx.Client
) -> None:
    client.headers["Authorization"] = "Bearer " + token(own_box, kind="USER", user="101")

    def addresses() -> list[bool]:
        return ["email" in client.get(f"{one}?fields=email").json() for one in ("100", "101")]

    assert addresses() == [True, True]
    own_box.admin("switches", {"other_users": "without_email"})
    assert addresses() == [False, True]
    assert "email" not in client.get("500/business_users?fields=email").text

    own_box.admin("switches", {"other_users": "refused"})
    assert client.get("100").json()["error"]["error_subcode"] == 33
    assert client.get("101").json()["id"] == client.get("me").json()["id"] == "101"
    assert client.get("?ids=100,101").json()["error"]["code"] == 803
    assert len(client.get("500/business_users").json()["data"]) == 5
    assert client.get("100/assigned_pages").status_code == 200
