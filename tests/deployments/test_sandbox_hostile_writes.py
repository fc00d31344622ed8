"""What nonsense is told: an error in Meta's shape, and nothing half done."""

import json
from urllib.parse import urlencode

import httpx
import pytest

from deployments.sandbox.graph.writing import WRITES
from deployments.sandbox.server import Sandbox


def test_a_field_that_does_not_exist_is_refused_before_anything_is_written(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    for fields in ("nonsense", "name{", "assigned_pages.limit(x)"):
        answer = own_graph.post("101", data={"title": "Buyer", "fields": fields})
        assert answer.json()["error"]["code"] in (100, 2500)
    assert own_box.world.users["101"].title is None


def test_all_that_is_asked_of_a_member_is_checked_before_anything_changes(
    own_box: Sandbox, own_graph: httpx.Client
) -> None:
    answer = own_graph.post("101", data={"role": "ADMIN", "title": "x", "clear_pending_email": "perhaps"})

    assert answer.json()["error"]["code"] == 100
    assert (own_box.world.users["101"].role, own_box.world.users["101"].title) == ("EMPLOYEE", None)


LONG = "x" * 10_000
ODD = [
    "",
    " ",
    "\x00",
    "-1",
    "1e9",
    "9" * 10_000,
    "💥",
    "‮gil@x.test",
    LONG,
    "[",
    '["A"',
    "{}",
    "[[]]",
    "null",
    "[1,2]",
]
NAMES = """email role tasks invited_user_type first_name pending_email clear_pending_email user business
    page_tasks permitted_tasks name system_user_id scope fetch_only page_id adaccount_id asset_id
    two_factor_type fields"""
NODES = {
    "Business": "500",
    "BusinessUser": "101",
    "SystemUser": "200",
    "BusinessRoleRequest": "900",
    "Page": "700",
    "AdAccount": "act_800",
    "ProductCatalog": "810",
    "BusinessAssetGroup": "820",
}


GOOD = {
    "email": "gil@x.test",
    "user": "101",
    "business": "500",
    "tasks": '["ANALYZE"]',
    "name": "n",
    "page_id": "701",
    "adaccount_id": "act_1",
    "asset_id": "1",
}


@pytest.mark.parametrize(("method", "kind", "edge"), WRITES, ids=str)
def test_nonsense_is_done_or_refused_and_never_breaks_the_sandbox(
    own_box: Sandbox, own_graph: httpx.Client, method: str, kind: str, edge: str | None
) -> None:
    url = NODES[kind] + (f"/{edge}" if edge else "")
    names = NAMES.split()
    for odd in ODD:
        bodies = [{}, dict.fromkeys(names, odd), *({**GOOD, name: odd} for name in names)]
        items = [{"method": method, "relative_url": url, "body": urlencode(one)} for one in bodies]
        for answer in own_graph.post("", data={"batch": json.dumps(items)}).json():
            said = json.loads(answer["body"])
            assert answer["code"] < 500
            assert isinstance(said, dict)
            assert ("error" in said) is (answer["code"] != 200)


@pytest.mark.parametrize(
    ("method", "path", "code", "subcode"),
    [
        ("POST", "", 100, 33),
        ("DELETE", "", 100, 33),
        ("POST", "1", 100, 33),
        ("POST", "act_x", 803, None),
        ("POST", "nobody", 803, None),
        ("POST", "500/nonsense", 2500, None),
        ("POST", "500/business_users/1", 2500, None),
        ("POST", "500/pending_users", 100, 33),
        ("DELETE", "500", 100, 33),
        ("POST", "500/managed_businesses", 3, None),
        ("POST", "200/access_tokens", 3, None),
        ("POST", "820/agencies", 2500, None),
        ("PUT", "101", 100, 33),
        ("PATCH", "500/business_users", 100, 33),
        ("POST", "101/assigned_pages", 100, 33),
    ],
)
def test_what_cannot_be_written_to_says_so_with_the_verb(
    graph: httpx.Client, method: str, path: str, code: int, subcode: int | None
) -> None:
    error = graph.request(method, path).json()["error"]

    assert (error["code"], error.get("error_subcode")) == (code, subcode)
    if subcode == 33:
        assert error["message"].startswith(f"Unsupported {method.lower()} request.")


FORM, JSON, PARTS = "application/x-www-form-urlencoded", "application/json", "multipart/form-data"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (FORM, b"\xff\xfe\x00"),
        (FORM, b"email=%ed%a0%80@x.test&role=%00"),
        (FORM, b"batch={"),
        (FORM, b"batch=null"),
        (FORM, b"batch=[1]"),
        (FORM, b"batch=" + b"[" * 5000),
        (FORM, b'batch=[{"relative_url":"101","method":"POST","body":5}]'),
        (FORM, b'batch=[{"relative_url":"101","method":5,"body":{"role":"ADMIN"}}]'),
        (FORM, b'batch=[{"relative_url":"//["},{"relative_url":"{result=a:$.x}","name":"a"}]'),
        (JSON, b'{"email": "\\ud800@x.test"}'),
        (JSON, b'{"a":' * 500),
        (JSON, b"[1]"),
        (PARTS, b"--x"),
        (PARTS + "; boundary=x", b"--x\r\nno header"),
        ("application/json; charset=klingon", b'{"batch": [{}]}'),
        ("", b"\x00"),
    ],
)
@pytest.mark.parametrize("path", ["", "500/business_users", "1", "%ff%fe", "act_٣"])
def test_bodies_that_nobody_sends_are_refused(graph: httpx.Client, kind: str, body: bytes, path: str) -> None:
    for method in ("POST", "DELETE", "PUT"):
        answer = graph.request(method, path, content=body, headers={"Content-Type": kind})
        said = answer.json()
        assert answer.status_code < 500
        if isinstance(said, list):  # a batch that could be read, of items that can't be done
            said = json.loads(said[0]["body"])
        assert "error" in said
