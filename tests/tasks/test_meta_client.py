import asyncio
import pickle
from typing import Any

import httpx
import pytest

from tasks.errors import (
    MetaError,
    MetaUnreachable,
    NotVisible,
    PermissionMissing,
    TokenRejected,
    TooMuchData,
)
from tasks.meta.client import MetaClient
from tasks.meta.refusals import told
from tasks.meta.wire import EDGES
from tests.tasks.scripted_meta import Script, ok, page, refused


async def get(client: MetaClient) -> dict[str, Any]:
    return await client.get("500", {"fields": "id"})


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
        (refused(100, "(#100) Param limit must be a number less than or equal to 100"), TooMuchData),
        (refused(100, "(#100) limit must be between 1 and 50"), TooMuchData),
        (refused(100, "(#100) Invalid value for 'limit'"), TooMuchData),
        (refused(100, "(#100) The After Cursor specified exceeds the max limit supported by"), MetaError),
        (refused(100, "(#100) Tried accessing nonexisting field (spend_limit)"), MetaError),
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


def test_an_answer_of_another_shape_is_asked_for_again() -> None:
    script = Script(ok({"data": "none"}), ok(page("1")))

    async def use(client: MetaClient) -> dict[str, Any]:
        return await client.get("500/clients", {}, usable=lambda answer: isinstance(answer["data"], list))

    assert script.run(use) == page("1")


def test_half_a_surrogate_in_a_name_does_not_lose_the_answer() -> None:
    script = Script(httpx.Response(200, content=b'{"id": "500", "name": "Ann \\ud83d"}'))

    assert script.run(get) == {"id": "500", "name": "Ann �"}


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (refused(200, "(#200) No"), "the token needs business_management and ads_read, and its system user"),
        (refused(10, "(#10) No"), "the token needs business_management and ads_read, and its system user"),
        (refused(3, "(#3) No"), "raise its access level in Meta's App Dashboard"),
        (refused(100, error_subcode=33), "assign it to the token's system user, or install the app for it"),
        (refused(190, error_subcode=458), "install the app for this system user again, and make a new token"),
        (refused(190, error_subcode=467), "make a new token for this hub"),
        (refused(368), "look in Business Support, and check again after a day"),
        (refused(803), "see whether business_id of this hub is right"),
        (refused(2500), "see whether [meta] api_version is one that Meta serves"),
        (refused(2635), "set [meta] api_version to a version that Meta still serves"),
        (
            refused(100, "(#100) Invalid parameter"),
            "check again later; if it stays, look this code up at Meta",
        ),
        (refused(2, status=500), "asked several times: check again later"),
        (httpx.ReadTimeout("no answer"), "asked several times: check again later"),
        (refused(1, "Please reduce the amount of data", status=500), "check again later"),
    ],
)
def test_what_an_edge_could_not_be_read_for_says_what_to_do(error: Any, advice: str) -> None:
    with pytest.raises(MetaError) as caught:
        Script(error).run(get)

    line = told(caught.value, EDGES["owned_ad_accounts"].needs)

    assert advice in line
    assert "\n" not in line
    assert (f"code {caught.value.code}" in line) is (caught.value.code is not None)
