import asyncio
import hashlib
import hmac
import json
import logging
import pickle
import re
from typing import Any

import httpx
import pytest

from tasks.errors import (
    MetaError,
    MetaLimited,
    MetaUnreachable,
    NotVisible,
    PermissionMissing,
    SettingsError,
    TokenRejected,
    TooMuchData,
)
from tasks.meta.client import MetaClient
from tests.tasks.scripted_meta import SECRET, TOKEN, Script, access, batch_answer, batch_of, ok, page, refused


async def get(client: MetaClient) -> dict[str, Any]:
    return await client.get("500", {"fields": "id"})


def usage(minutes: float) -> dict[str, str]:
    entry = {"type": "ads_management", "call_count": 100, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"66": [entry]})}


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


PASSING = {
    "a page of html": httpx.Response(502, html="<h1>Bad gateway</h1>"),
    "code 1": refused(1, "An unknown error occurred", status=500),
    "code 2": refused(2, status=500),
    "code 3919": refused(3919),
    "what Meta calls transient": refused(100, is_transient=True),
    "an unknown code with a server's status": refused(12345, status=503),
    "a cut body": httpx.Response(200, text='{"id": "5'),
    "a list for an object": ok([{"id": "500"}]),
    "true for an object": ok(True),
    "a status of 500 without an error": httpx.Response(500, json={}),
    "a reset": httpx.ReadError("connection reset"),
    "silence": httpx.ReadTimeout("no answer"),
    "a connection refused": httpx.ConnectError("refused"),
    "a broken length": httpx.RemoteProtocolError("peer closed connection"),
    "broken gzip": httpx.DecodingError("incorrect header check"),
}


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING.keys())
def test_what_passes_is_asked_again(trouble: Any) -> None:
    script = Script(trouble, trouble, trouble, ok({"id": "500"}))

    assert script.run(get) == {"id": "500"}
    assert len(script.slept) == 3
    assert 0.5 <= script.slept[0] < 1 <= script.slept[1] < 2 <= script.slept[2] < 4


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING.keys())
def test_what_stays_is_given_up_after_four_tries(trouble: Any) -> None:
    script = Script(trouble)

    with pytest.raises(MetaUnreachable):
        script.run(get)

    assert len(script.requests) == 4


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(190, subcode=463), TokenRejected),
        (refused(102), TokenRejected),
        (refused(104), TokenRejected),
        (refused(452), TokenRejected),
        (refused(100, "Invalid appsecret_proof provided in the API argument"), TokenRejected),
        (refused(415, error_subcode=2859009), TokenRejected),
        (refused(10), PermissionMissing),
        (refused(10, error_subcode=2859030), PermissionMissing),
        (refused(200, status=403), PermissionMissing),
        (refused(294), PermissionMissing),
        (refused(3), PermissionMissing),
        (refused(100, error_subcode=33), NotVisible),
        (refused(100), MetaError),
        (refused(2635), MetaError),
        (refused(2500, status=404), MetaError),
        (refused(1, "Please reduce the amount of data you're asking for", status=500), TooMuchData),
        (ok({"error": {"message": "No.", "code": 200}}), PermissionMissing),  # whatever the status says
        (ok({"error": "not even an object"}), MetaError),
    ],
)
def test_a_refusal_is_asked_once_and_raised_as_what_it_is(
    answer: httpx.Response, kind: type[MetaError]
) -> None:
    script = Script(answer)

    with pytest.raises(MetaError) as caught:
        script.run(get)

    assert type(caught.value) is kind
    assert len(script.requests) == 1


def test_an_error_carries_metas_words_code_and_trace_on_one_line_and_survives_pickling() -> None:
    script = Script(refused(200, "(#200) Requires\nbusiness_management", error_subcode=7))

    with pytest.raises(PermissionMissing) as caught:
        script.run(get)

    assert "(#200) Requires business_management" in str(caught.value)
    assert "(code 200, subcode 7, fbtrace_id Atrace)" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own bytes


@pytest.mark.parametrize("code", [190, 368])
def test_after_a_refusal_of_the_token_or_the_app_nothing_more_is_sent(code: int) -> None:
    script = Script(refused(code), ok({"id": "500"}))

    async def thrice(client: MetaClient) -> list[Any]:
        return await asyncio.gather(get(client), get(client), get(client), return_exceptions=True)

    answers = script.run(thrice, concurrency=1)

    assert [error.code for error in answers] == [code, code, code]
    assert len(script.requests) == 1


@pytest.mark.parametrize("code", [4, 17, 32, 341, 613, 80000, 80004, 80014])
def test_a_limit_is_waited_for_as_many_minutes_as_meta_says(code: int) -> None:
    script = Script(refused(code, is_transient=True, headers=usage(7)), ok({"id": "500"}))

    assert script.run(get) == {"id": "500"}
    assert script.slept == [pytest.approx(420, abs=1)]
    assert len(script.said) == 1
    assert "waiting 7 min" in script.said[0]


def test_a_reset_time_is_in_seconds() -> None:
    headers = {"x-ad-account-usage": json.dumps({"acc_id_util_pct": 100, "reset_time_duration": 100})}
    script = Script(refused(17, headers=headers), ok({"id": "500"}))

    script.run(get)

    assert script.slept == [pytest.approx(100, abs=1)]


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"66": null}', '{"66": [{"estimated_time_to_regain_access": 0}]}']
)
def test_without_a_time_in_the_headers_waits_grow(text: str) -> None:
    limit = refused(4, headers={"X-Business-Use-Case-Usage": text})
    script = Script(limit, limit, limit, ok({"id": "500"}))

    script.run(get)

    assert script.slept == [pytest.approx(s, abs=1) for s in (60, 120, 300)]


def test_while_one_request_is_limited_no_other_is_sent() -> None:
    script = Script(refused(17, headers=usage(5)), ok({"id": "500"}))
    sent_before_the_wait: list[int] = []

    async def many(client: MetaClient) -> None:
        await asyncio.gather(*(get(client) for _ in range(10)))

    async def sleep(seconds: float) -> None:
        sent_before_the_wait.append(len(script.requests))
        script.slept.append(seconds)

    script.sleep = sleep  # type: ignore[method-assign]  # the script is the clock here
    script.run(many, concurrency=1)

    assert sent_before_the_wait == [1]
    assert script.slept == [pytest.approx(300, abs=1)]


def test_answers_that_were_under_way_do_not_make_the_wait_longer() -> None:
    said: list[str] = []
    arrived: list[httpx.Request] = []

    async def limited_together(request: httpx.Request) -> httpx.Response:
        arrived.append(request)
        while len(arrived) < 4:
            await asyncio.sleep(0)
        return refused(17) if len(arrived) <= 4 else ok({"id": "500"})

    async def sleep(_: float) -> None:
        await asyncio.sleep(0)

    async def many() -> None:
        transport = httpx.MockTransport(limited_together)
        async with MetaClient(access(), say=said.append, transport=transport, sleep=sleep) as client:
            await asyncio.gather(*(get(client) for _ in range(4)))

    asyncio.run(many())

    assert len(said) == 1
    assert "waiting 60 s" in said[0]


def test_a_limit_longer_than_allowed_ends_the_session_and_names_the_time_to_come_back() -> None:
    script = Script(refused(17, headers=usage(55)), ok({"id": "500"}))

    async def twice(client: MetaClient) -> list[Any]:
        return [await asyncio.gather(get(client), return_exceptions=True) for _ in range(2)]

    [[first], [second]] = script.run(twice)

    assert isinstance(first, MetaLimited)
    assert re.search(r"check again after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", str(first))
    assert isinstance(second, MetaLimited)
    assert script.slept == []
    assert len(script.requests) == 1


def test_all_waits_together_stay_within_wait_s() -> None:
    script = Script(refused(17))

    with pytest.raises(MetaLimited):
        script.run(get, wait_s=900)

    assert sum(script.slept) <= 900


def test_a_batch_keeps_the_order_and_counts_every_item_as_a_call() -> None:
    script = Script(batch_answer({"id": "1"}, {"error": {"code": 200, "message": "No."}}, {"id": "3"}))

    async def use(client: MetaClient) -> tuple[list[Any], int, int]:
        return await client.batch(["1", "2", "3"]), client.requests, client.calls

    answers, requests, calls = script.run(use)

    assert answers[0] == {"id": "1"}
    assert isinstance(answers[1], PermissionMissing)
    assert answers[2] == {"id": "3"}
    assert (requests, calls) == (1, 3)


def test_items_that_timed_out_or_failed_in_passing_are_asked_again_and_only_those() -> None:
    script = Script(
        batch_answer({"id": "1"}, None, {"error": {"code": 2, "message": "Later."}}, {"id": "4"}),
        batch_answer({"id": "2"}, {"id": "3"}),
    )

    assert [one["id"] for one in script.run(lambda client: client.batch(["1", "2", "3", "4"]))] == [
        "1",
        "2",
        "3",
        "4",
    ]
    assert [batch_of(request) for request in script.requests] == [["1", "2", "3", "4"], ["2", "3"]]


def test_an_item_that_never_comes_is_an_error_after_four_tries() -> None:
    script = Script(batch_answer(None))

    [error] = script.run(lambda client: client.batch(["1"]))

    assert isinstance(error, MetaUnreachable)
    assert len(script.requests) == 4


def test_a_limit_in_an_item_is_waited_for_by_the_items_own_headers() -> None:
    error = json.dumps({"error": {"code": 80004, "message": "Too many calls"}})
    headers = [{"name": name, "value": value} for name, value in usage(3).items()]
    limited = httpx.Response(200, json=[{"code": 400, "headers": headers, "body": error}])
    script = Script(limited, limited, batch_answer({"id": "1"}))

    assert script.run(lambda client: client.batch(["1"])) == [{"id": "1"}]
    assert script.slept == [pytest.approx(180, abs=1)] * 2


@pytest.mark.parametrize(
    "answer", [ok({"id": "1"}), ok([]), ok([None, None])], ids=["object", "short", "long"]
)
def test_a_batch_answer_that_does_not_fit_the_batch_is_asked_for_again(answer: httpx.Response) -> None:
    script = Script(answer, batch_answer({"id": "1"}))

    assert script.run(lambda client: client.batch(["1"])) == [{"id": "1"}]


def test_a_batch_of_more_than_fifty_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="51"):
        Script(ok({})).run(lambda client: client.batch(["1"] * 51))


def test_an_answer_of_another_shape_is_asked_for_again() -> None:
    script = Script(ok({"data": "none"}), ok(page("1")))

    async def use(client: MetaClient) -> dict[str, Any]:
        return await client.get("500/clients", {}, usable=lambda answer: isinstance(answer["data"], list))

    assert script.run(use) == page("1")


def test_half_a_surrogate_in_a_name_does_not_lose_the_answer() -> None:
    script = Script(httpx.Response(200, content=b'{"id": "500", "name": "Ann \\ud83d"}'))

    assert script.run(get) == {"id": "500", "name": "Ann �"}


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
