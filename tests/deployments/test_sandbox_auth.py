import hmac
from hashlib import sha256

import httpx
import pytest

from deployments.sandbox.server import Sandbox
from tests.deployments.small_world import READER, SECRET

PROOF = hmac.new(SECRET.encode(), READER.encode(), sha256).hexdigest()


def refusal(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


def test_a_token_is_taken_from_query_header_and_body(box: Sandbox) -> None:
    url = f"{box.graph_url}/v26.0/500"
    assert httpx.get(url, params={"access_token": READER}).status_code == 200
    assert httpx.get(url, headers={"Authorization": f"Bearer {READER}"}).status_code == 200
    root = f"{box.graph_url}/v26.0/"
    body = {"batch": '[{"method":"GET","relative_url":"500"}]', "access_token": READER}
    parts = {name: (None, value) for name, value in body.items()}
    for answer in (httpx.post(root, data=body), httpx.post(root, json=body), httpx.post(root, files=parts)):
        assert answer.json()[0]["code"] == 200


@pytest.mark.parametrize(
    ("token", "code", "subcode"),
    [(None, 104, None), ("stolen", 190, None), ("old-token", 190, 463)],
)
def test_a_token_that_is_missing_unknown_or_expired_is_refused(
    box: Sandbox, token: str | None, code: int, subcode: int | None
) -> None:
    params = {"access_token": token} if token else {}
    for answer in (
        httpx.get(f"{box.graph_url}/v26.0/500", params=params),
        httpx.post(f"{box.graph_url}/v26.0/", params=params, data={"batch": "[]"}),
    ):
        assert answer.status_code == 400
        assert refusal(answer) == (code, subcode)


def test_a_proof_is_checked_when_given_and_demanded_by_a_switch(box: Sandbox, graph: httpx.Client) -> None:
    assert graph.get("500", params={"appsecret_proof": PROOF}).status_code == 200
    assert "Invalid appsecret_proof" in graph.get("500?appsecret_proof=wrong").json()["error"]["message"]

    box.admin("switches", {"require_proof": True})
    assert "require an appsecret_proof" in graph.get("500").json()["error"]["message"]
    assert graph.get("500", params={"appsecret_proof": PROOF}).status_code == 200
    batch = {"batch": '[{"method":"GET","relative_url":"500"}]'}
    assert graph.post("", data=batch).json()["error"]["code"] == 100
    assert graph.post("", data=batch | {"appsecret_proof": PROOF}).json()[0]["code"] == 200


def test_a_missing_scope_refuses_an_edge_and_leaves_it_out_of_an_expansion(box: Sandbox) -> None:
    url, page_token = f"{box.graph_url}/v26.0", {"access_token": "page-token"}

    refused = httpx.get(f"{url}/500/business_users", params=page_token)
    assert (refused.status_code, refusal(refused)) == (403, (200, None))
    assert httpx.get(f"{url}/500?fields=name,owned_pages", params=page_token).json() == {
        "name": "Northwind",
        "id": "500",
    }
    assert "email" not in httpx.get(f"{url}/100?fields=email", params=page_token).json()


def test_debug_token_describes_a_token(box: Sandbox, graph: httpx.Client) -> None:
    data = graph.get("debug_token", params={"input_token": READER}).json()["data"]
    assert (data["type"], data["user_id"], data["app_id"], data["is_valid"]) == (
        "SYSTEM_USER",
        "200",
        "9000",
        True,
    )
    assert data["expires_at"] == 0
    assert "business_management" in data["scopes"]

    app_token = {"access_token": f"9000|{SECRET}", "input_token": "old-token"}
    data = httpx.get(f"{box.graph_url}/v26.0/debug_token", params=app_token).json()["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)
    assert graph.get("debug_token?input_token=stolen").json()["data"]["is_valid"] is False
    assert refusal(graph.get("debug_token")) == (100, None)


def test_an_apps_own_token_has_no_user_and_no_scope(box: Sandbox) -> None:
    app_token = {"access_token": f"9000|{SECRET}"}

    assert refusal(httpx.get(f"{box.graph_url}/v26.0/me", params=app_token)) == (2500, None)
    assert refusal(httpx.get(f"{box.graph_url}/v26.0/500/business_users", params=app_token)) == (200, None)
