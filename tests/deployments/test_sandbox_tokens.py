"""Tokens of every kind: what each reads, what each writes, and what debug_token says of it."""

import hmac
import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import AdminError, Sandbox
from tests.deployments.small_world import ALL_SCOPES, SECRET

INVITE = ("POST", "500/business_users", {"email": "gil@x.test"})
ASSIGN = ("POST", "700/assigned_users", {"user": "103", "tasks": '["ANALYZE"]'})
SHARE = ("POST", "act_800/agencies", {"business": "600", "permitted_tasks": '["ANALYZE"]'})
ON_CATALOG = ("POST", "810/assigned_users", {"user": "103", "tasks": '["MANAGE"]'})
RENAME = ("POST", "101", {"title": "Buyer"})
REMOVE: tuple[str, str, dict[str, str]] = ("DELETE", "103", {})
WRITES = (INVITE, ASSIGN, SHARE, ON_CATALOG, RENAME, REMOVE)

Write = tuple[str, str, dict[str, str]]


def token(box: Sandbox, **asked: object) -> str:
    return str(box.admin("tokens", asked)["access_token"])


def write(client: httpx.Client, given: str, what: Write) -> tuple[int, int | None]:
    """Return the refusal's code and subcode; (0, None) when it was done."""
    method, path, data = what
    said = client.request(method, path, params={"access_token": given}, data=data).json()
    error = said.get("error", {"code": 0})
    return error["code"], error.get("error_subcode")


def debugged(client: httpx.Client, given: str) -> Any:
    params = {"input_token": given, "access_token": f"9000|{SECRET}"}
    return client.get("debug_token", params=params).json()


def test_of_the_hubs_two_tokens_one_reads_and_one_writes() -> None:
    with Sandbox(WorldPlan()) as box, httpx.Client(base_url=f"{box.graph_url}/v26.0/") as client:
        hub, page = box.world.business.id, next(iter(box.world.assets))
        member = next(iter(box.world.users))
        writes: list[Write] = [
            ("POST", f"{hub}/business_users", {"email": "gil@x.test"}),
            ("POST", f"{page}/assigned_users", {"user": member, "tasks": "ANALYZE"}),
            ("POST", member, {"title": "Buyer"}),
            ("POST", f"{hub}/system_users", {"name": "feed"}),
            ("DELETE", member, {}),
        ]
        assert [write(client, box.world.access_token, one) for one in writes] == [(10, None)] * 5
        assert [write(client, box.world.write_token, one) for one in writes] == [(0, None)] * 5
        assert member not in box.world.users


@pytest.mark.parametrize("kind", ["SYSTEM_USER", "USER"])
def test_who_is_no_admin_reads_and_writes_nothing(own_box: Sandbox, client: httpx.Client, kind: str) -> None:
    employee = token(own_box, kind=kind, role="EMPLOYEE")

    assert client.get("500/business_users", params={"access_token": employee}).status_code == 200
    assert [write(client, employee, one) for one in WRITES] == [(10, None)] * 6
    refused = client.post("101", params={"access_token": employee})
    assert refused.status_code == 403
    assert "MANAGE_PERMISSIONS for this business account" in refused.json()["error"]["message"]


def test_who_controls_an_asset_gives_access_to_it_and_to_nothing_else(
    own_box: Sandbox, client: httpx.Client
) -> None:
    own_box.admin("grants", {"user": "101", "asset": "700", "tasks": ["MANAGE"]})
    bo = token(own_box, kind="USER", user="101")

    assert write(client, bo, ASSIGN) == (0, None)
    assert [write(client, bo, one) for one in (INVITE, SHARE, ON_CATALOG, RENAME)] == [(10, None)] * 4


@pytest.mark.parametrize("policy", ["none", "admin_required", "all_required"])
@pytest.mark.parametrize("has_it", [True, False])
def test_a_person_writes_with_the_second_factor_that_the_business_wants(
    own_box: Sandbox, client: httpx.Client, policy: str, has_it: bool
) -> None:
    own_box.world.business.extra["two_factor_type"] = policy
    ada = token(own_box, kind="USER", role="ADMIN", two_factor=has_it)
    robot = token(own_box, role="ADMIN")

    told = (0, None) if has_it or policy == "none" else (415, 2859009)
    assert write(client, ada, INVITE) == told
    assert write(client, ada, ON_CATALOG) == told
    assert write(client, robot, RENAME) == (0, None)  # only people have factors
    assert client.get("500", params={"access_token": ada}).status_code == 200


def test_employees_need_a_second_factor_only_if_all_do(own_box: Sandbox, client: httpx.Client) -> None:
    bo = token(own_box, kind="USER", user="101", two_factor=False)

    own_box.world.business.extra["two_factor_type"] = "admin_required"
    assert write(client, bo, RENAME) == (10, None)
    own_box.world.business.extra["two_factor_type"] = "all_required"
    assert write(client, bo, RENAME) == (415, 2859009)


@pytest.mark.parametrize(
    ("scope", "refused"),
    [
        ("business_management", WRITES),
        ("pages_manage_metadata", (ASSIGN,)),
        ("ads_management", (SHARE,)),
        ("catalog_management", (ON_CATALOG,)),
        ("ads_read", ()),
        ("pages_show_list", ()),
    ],
)
def test_a_missing_scope_is_named_by_every_write_that_needs_it(
    own_box: Sandbox, client: httpx.Client, scope: str, refused: tuple[Write, ...]
) -> None:
    short = token(own_box, role="ADMIN", without=[scope])

    for one in WRITES:
        method, path, data = one
        answer = client.request(method, path, params={"access_token": short}, data=data)
        if one in refused:
            assert answer.status_code == 403
            assert answer.json()["error"]["message"].startswith(f"(#200) Requires {scope} permission")
        else:
            assert "error" not in answer.json()
    assert scope not in debugged(client, short)["data"]["scopes"]


def test_a_token_that_ran_out_or_was_taken_back_writes_nothing(
    own_box: Sandbox, client: httpx.Client
) -> None:
    late = token(own_box, role="ADMIN", expires_at="2026-11-24T12:00:00+00:00")
    lost = token(own_box, role="ADMIN", revoked=True)

    assert write(client, late, RENAME) == (0, None)
    assert debugged(client, late)["data"]["expires_at"] == 1795521600
    own_box.admin("clock", {"now": "2026-11-24T12:00:01Z"})
    assert [write(client, late, one) for one in WRITES] == [(190, 463)] * 6
    assert [write(client, lost, one) for one in WRITES] == [(190, 467)] * 6
    for given, subcode in ((late, 463), (lost, 467)):
        data = debugged(client, given)["data"]
        assert (data["is_valid"], data["error"]["subcode"]) == (False, subcode)

    taken = token(own_box, role="ADMIN")
    own_box.admin("tokens/revoke", {"access_token": taken})
    assert write(client, taken, INVITE) == (190, 467)


def test_a_token_of_another_app_is_not_ours(own_box: Sandbox, client: httpx.Client) -> None:
    other = token(own_box, role="ADMIN", app_id="9111")

    assert client.get("500", params={"access_token": other}).status_code == 200
    assert [write(client, other, one) for one in WRITES] == [(3, None)] * 6
    assert "did not match the Viewing App" in debugged(client, other)["error"]["message"]
    own = client.get("debug_token", params={"input_token": other, "access_token": other}).json()["data"]
    assert (own["app_id"], own["is_valid"]) == ("9111", True)
    proof = hmac.new(SECRET.encode(), other.encode(), sha256).hexdigest()
    answer = client.get("500", params={"access_token": other, "appsecret_proof": proof}).json()
    assert "Invalid appsecret_proof" in answer["error"]["message"]


def test_a_pages_token_is_for_the_access_to_that_page(own_box: Sandbox, client: httpx.Client) -> None:
    shop = token(own_box, kind="PAGE", page="700", role="ADMIN")

    assert write(client, shop, ASSIGN) == (0, None)
    assert write(client, shop, ("POST", "701/assigned_users", ASSIGN[2])) == (100, 33)
    assert [write(client, shop, one) for one in (INVITE, SHARE, ON_CATALOG, RENAME)] == [(200, None)] * 4
    assert client.get("me", params={"access_token": shop}).json() == {"id": "700", "name": "Shop"}
    data = debugged(client, shop)["data"]
    assert (data["type"], data["profile_id"], data["user_id"]) == ("PAGE", "700", "100")
    helper = token(own_box, kind="PAGE", page="700", user="101")
    assert write(client, helper, ASSIGN) == (10, None)


def test_debug_token_names_kind_user_and_scopes(own_box: Sandbox, client: httpx.Client) -> None:
    robot = debugged(client, token(own_box, role="ADMIN"))["data"]
    assert (robot["type"], robot["user_id"], robot["expires_at"]) == ("SYSTEM_USER", "200", 0)
    assert set(robot["scopes"]) > set(ALL_SCOPES)

    person = debugged(client, token(own_box, kind="USER", user="101", scopes=["ads_read"]))["data"]
    assert (person["type"], person["user_id"], person["scopes"]) == ("USER", "101", ["ads_read"])
    assert "profile_id" not in person


def test_whose_user_has_gone_writes_nothing(own_box: Sandbox, client: httpx.Client) -> None:
    own_box.admin("members/101/role", {"role": "ADMIN"})
    bo = token(own_box, kind="USER", user="101")
    own_box.admin("members/101/remove", {})

    assert write(client, bo, INVITE) == (10, None)
    assert write(client, f"9000|{SECRET}", INVITE) == (200, None)  # the app's own has no user, and no scope


def test_a_new_system_user_waits_for_a_week_under_the_switch(own_box: Sandbox, client: httpx.Client) -> None:
    new = own_box.admin("tokens", {"role": "ADMIN", "created_at": "2026-11-20T10:00:00Z"})["access_token"]
    ada = token(own_box, kind="USER", role="ADMIN")

    assert write(client, new, RENAME) == (0, None)
    own_box.admin("switches", {"new_system_user_days": 7})
    assert [write(client, new, one) for one in WRITES] == [(10, 2859030)] * 6
    assert write(client, ada, RENAME) == (0, None)
    assert client.get("500/business_users", params={"access_token": new}).status_code == 200
    own_box.admin("clock", {"now": "2026-11-27T10:00:01Z"})
    assert write(client, new, RENAME) == (0, None)


def test_writes_can_be_deemed_abusive(own_box: Sandbox, client: httpx.Client) -> None:
    own_box.admin("switches", {"writes_blocked": True})
    robot = token(own_box, role="ADMIN")

    assert [write(client, robot, one) for one in WRITES] == [(368, None)] * 6
    assert client.get("500/business_users", params={"access_token": robot}).status_code == 200


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"colour": "red"}, "no 'colour'"),
        ({"kind": "APP"}, "kind must be"),
        ({"kind": "PAGE"}, "page must be"),
        ({"kind": "PAGE", "page": "act_800"}, "page must be"),
        ({"user": "1"}, "no user 1"),
        ({"kind": "USER", "role": "KING"}, "nobody has the role"),
        ({"expires_at": "soon"}, "no ISO 8601"),
        ({"scopes": "ads_read"}, "lists of names"),
    ],
)
def test_a_token_that_makes_no_sense_is_not_given_out(own_box: Sandbox, asked: object, word: str) -> None:
    with pytest.raises(AdminError, match=word):
        own_box.admin("tokens", asked)


def test_the_state_shows_what_tokens_there_are_and_never_one(own_box: Sandbox) -> None:
    made = token(own_box, kind="PAGE", page="700", role="ADMIN")
    state = own_box.admin("state")

    assert made not in json.dumps(state)
    assert state["tokens"][-1]["profile_id"] == "700"
