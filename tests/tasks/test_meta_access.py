import hashlib
import hmac
import logging
from typing import Any

import httpx
import pytest

from tasks.errors import (
    MetaUnreachable,
    SettingsError,
    TokenRejected,
)
from tasks.meta.client import MetaClient
from tests.tasks.scripted_meta import SECRET, TOKEN, Script, access, batch_answer, ok, refused


async def get(client: MetaClient) -> dict[str, Any]:
    return await client.get("500", {"fields": "id"})


@pytest.mark.parametrize(
    "url",
    [
        "http://graph.facebook.com",
        "https://graph.facebook.com.elsewhere.test",
        "https://elsewhere.test",
        "https://user@graph.facebook.com",
        "https://graph.facebook.com:8443",
        "https://graph.facebook.com/extra",
        "http://127.0.0.1:8000",
        "",
    ],
)
def test_a_real_token_goes_to_graph_facebook_com_over_https_and_nowhere_else(url: str) -> None:
    with pytest.raises(SettingsError, match="graph_url"):
        MetaClient(access(graph_url=url, sandbox=False), say=print)


def test_the_real_graph_api_is_accepted() -> None:
    MetaClient(access(graph_url="https://graph.facebook.com", sandbox=False), say=print)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1", "https://graph.facebook.com", "http://localhost.elsewhere.test"]
)
def test_a_sandbox_hub_talks_to_this_machine_only(url: str) -> None:
    with pytest.raises(SettingsError, match="graph_url"):
        MetaClient(access(graph_url=url), say=print)


@pytest.mark.parametrize("token", ["", "two words", "line\nend", "tökén"])
def test_a_token_that_no_header_can_carry_is_refused_without_quoting_it(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        MetaClient(access(token=token), say=print)

    assert not token or token not in str(caught.value)


def test_the_token_travels_in_the_header_alone_and_the_proof_as_a_parameter() -> None:
    script = Script(ok({"id": "500"}), batch_answer({"id": "1"}))
    proof = hmac.new(SECRET.encode(), TOKEN.encode(), hashlib.sha256).hexdigest()

    async def both(client: MetaClient) -> None:
        await get(client)
        await client.batch(["1?fields=id"])

    script.run(both, app_secret=SECRET)
    reading, batch = script.requests

    assert reading.headers["authorization"] == f"Bearer {TOKEN}"
    assert reading.url.params["appsecret_proof"] == proof
    assert f"appsecret_proof={proof}" in batch.content.decode()
    for request in script.requests:
        assert TOKEN not in str(request.url) + request.content.decode()
        assert SECRET not in str(request.url) + request.content.decode()


def test_a_redirect_is_not_followed() -> None:
    script = Script(httpx.Response(302, headers={"location": "https://elsewhere.test/"}))

    with pytest.raises(MetaUnreachable):
        script.run(get)

    assert {request.url.host for request in script.requests} == {"127.0.0.1"}


def test_no_message_and_no_log_line_holds_a_secret(caplog: pytest.LogCaptureFixture) -> None:
    proof = access(app_secret=SECRET).proof()["appsecret_proof"]
    script = Script(
        httpx.ReadError(f"failed: GET https://graph.test/?access_token={TOKEN}&appsecret_proof={proof}"),
        refused(190, f"Malformed access token {TOKEN}", fbtrace_id=TOKEN),
    )
    caplog.set_level(logging.DEBUG)

    with pytest.raises(TokenRejected) as caught:
        script.run(get, app_secret=SECRET)

    shown = [
        str(caught.value),
        repr(caught.value),
        repr(access(app_secret=SECRET)),
        caplog.text,
        *script.said,
    ]
    assert "HTTP Request: GET" in caplog.text  # else this test looks at nothing
    assert not [text for text in shown for secret in (TOKEN, SECRET, proof) if secret in text]


def test_an_error_of_the_http_library_leaves_no_trace_in_ours() -> None:
    """Its exceptions hold the request: URL, proof and header."""
    script = Script(httpx.ReadError("reset"))

    with pytest.raises(MetaUnreachable) as caught:
        script.run(get)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_the_clients_repr_shows_neither_token_nor_secret() -> None:
    client = MetaClient(access(app_secret=SECRET), say=print)

    assert TOKEN not in repr(client) + repr(client._http)
    assert SECRET not in repr(client)
