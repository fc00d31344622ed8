"""The client's one write: sent once, unless it surely wasn't done; where its parameters and secrets go."""

from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from tasks.meta.change import Called, Change
from tasks.meta.changes import make
from tasks.meta.client import TRIES, MetaClient
from tests.tasks.scripted_meta import BUSINESS, SECRET, TOKEN, Script, ok, refused

REMOVE = Change("remove", "user", "101")
INVITE = Change("invite", "pending", "", address="nora@northwind.example", role="EMPLOYEE")


def called(script: Script, change: Change = REMOVE, **access: Any) -> Called:
    async def one(client: MetaClient) -> Called:
        return await make(client, BUSINESS, change)

    return script.run(one, **access)


def test_an_invitation_goes_in_the_body_and_no_url_has_the_address_or_the_token() -> None:
    script = Script(ok({"id": "901"}))

    assert called(script, INVITE, app_secret=SECRET).meta_id == "901"
    (request,) = script.requests
    form = parse_qs(request.content.decode())
    assert str(request.url) == "http://127.0.0.1:9/v26.0/500/business_users"
    assert form["email"] == ["nora@northwind.example"]
    assert len(form["appsecret_proof"][0]) == 64
    assert TOKEN not in f"{request.url} {form}"
    assert request.headers["authorization"] == f"Bearer {TOKEN}"


def test_a_delete_has_its_parameters_in_the_query_and_no_body() -> None:
    """§9.7, §6: only POST has a body."""
    script = Script(ok({"success": True}))
    revoke = Change("revoke", "user", "101", asset_kind="ad_account", asset_id="act_9")

    called(script, revoke)

    (request,) = script.requests
    assert (request.method, request.content) == ("DELETE", b"")
    assert str(request.url) == "http://127.0.0.1:9/v26.0/act_9/assigned_users?user=101&business=500"


@pytest.mark.parametrize("error", [httpx.ConnectError("refused"), httpx.ConnectTimeout("slow")], ids=repr)
def test_without_a_connection_nothing_was_sent_so_it_is_tried_again(error: Exception) -> None:
    assert called(Script(error, ok({"success": True}))).state == "accepted"

    script = Script(error)
    found = called(script)

    assert (found.state, len(script.requests)) == ("refused", TRIES)
    assert "nothing was sent" in found.reason


LOST = {
    "a read timeout": httpx.ReadTimeout("slow"),
    "a write timeout": httpx.WriteTimeout("slow"),
    "a reset": httpx.ReadError("reset"),
    "a write that broke off": httpx.WriteError("broken pipe"),
    "a hang-up": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "no JSON": httpx.Response(200, text="<html>"),
    "a status of 500": httpx.Response(500, json={}),
    "a redirect": httpx.Response(302, headers={"location": "https://elsewhere.test/"}),
    "a list": ok([{"success": True}]),
    "neither yes nor no": ok({}),
    "yes in words": ok({"success": "true"}),
    "an id of nothing": ok({"id": ""}),
    "a transient refusal": refused(100, is_transient=True),
    "an unknown code of the server": refused(12345, status=503),
    "reduce the amount": refused(1, "Please reduce the amount of data you're asking for", status=500),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST.keys())
def test_whatever_leaves_it_open_is_lost_and_sent_once(answer: Any) -> None:
    script = Script(answer)

    found = called(script)

    assert (found.state, len(script.requests)) == ("lost", 1)
    assert "not repeated" in found.reason
    assert "asked several times" not in found.reason


def test_a_plain_failure_is_no_success() -> None:
    assert called(Script(ok({"success": False}))).state == "refused"


def test_after_what_concerns_the_whole_token_nothing_more_is_sent() -> None:
    """§4, 368: never hammer."""
    script = Script(refused(368, "deemed abusive"))

    async def two(client: MetaClient) -> list[Called]:
        return [await make(client, BUSINESS, Change("remove", "user", one)) for one in ("101", "102")]

    first, second = script.run(two)

    assert len(script.requests) == 1
    assert (first.state, second.state) == ("refused", "refused")
    assert "nothing was sent" in second.reason
    assert "nothing was sent" not in first.reason


def test_what_meta_quotes_of_addresses_and_secrets_is_not_in_the_reason() -> None:
    words = f"nora@northwind.example was invited, access_token={TOKEN}, proof of {SECRET}"
    for answer in (refused(100, words), refused(200, words), refused(2, words), refused(190, words)):
        found = called(Script(answer), INVITE, app_secret=SECRET)

        assert "northwind" not in found.reason
        assert TOKEN not in found.reason
        assert SECRET not in found.reason
        assert (found.code is not None, "fbtrace_id Atrace" in found.reason) == (True, True)
