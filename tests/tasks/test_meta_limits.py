import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from tasks.errors import MetaLimited, MetaUnreachable
from tasks.meta.client import TRIES, MetaClient
from tests.tasks.scripted_meta import Script, access, ok, refused


async def get(client: MetaClient) -> dict[str, Any]:
    return await client.get("500", {"fields": "id"})


def usage(minutes: float) -> dict[str, str]:
    entry = {"type": "ads_management", "call_count": 100, "estimated_time_to_regain_access": minutes}
    return {"X-Business-Use-Case-Usage": json.dumps({"66": [entry]})}


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


def said_busy(after: str, *, code: int | None = None, status: int = 503) -> httpx.Response:
    """Return what Meta, or a proxy before it, sends with a Retry-After."""
    headers = {"Retry-After": after, "Date": "Tue, 24 Nov 2026 12:00:00 GMT"}
    if code is not None:
        return refused(code, status=status, headers=headers)
    return httpx.Response(status, text="<html>busy</html>", headers=headers)


@pytest.mark.parametrize(
    "answer",
    [
        said_busy("20"),
        said_busy("20", status=429),
        said_busy("20", code=2),
        said_busy("20", code=4, status=429),
        said_busy("Tue, 24 Nov 2026 12:00:20 GMT"),
    ],
    ids=["a proxy", "a proxy's limit", "Meta's trouble", "Meta's limit", "a date"],
)
def test_whoever_says_when_to_come_back_is_asked_again_then(answer: httpx.Response) -> None:
    script = Script(answer, ok({"id": "500"}))

    assert script.run(get) == {"id": "500"}
    assert script.slept == [pytest.approx(20, abs=1)]
    assert "waiting 20 s" in script.said[0]
    assert "None" not in script.said[0]


@pytest.mark.parametrize(
    "after", ["", "0", "-5", "soon", "Tue, 24 Nov 2026 11:00:00 GMT", "Mon, 01 Jan 99999999999 00:00:00 GMT"]
)
def test_a_retry_after_that_says_nothing_changes_nothing(after: str) -> None:
    script = Script(said_busy(after), ok({"id": "500"}))

    script.run(get)

    assert [s < 1 for s in script.slept] == [True]


@pytest.mark.parametrize("after", ["3600", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_retry_after_beyond_the_longest_wait_ends_the_session_and_names_the_time(after: str) -> None:
    script = Script(said_busy(after))

    with pytest.raises(MetaLimited, match=r"HTTP status 503.*longer than \[meta\] wait_s: check again after"):
        script.run(get, wait_s=900)
    assert (len(script.requests), script.slept) == (1, [])


def test_a_proxy_that_stays_busy_is_not_asked_for_ever() -> None:
    script = Script(said_busy("5"))

    with pytest.raises(MetaUnreachable, match="check again later"):
        script.run(get)
    assert len(script.requests) == TRIES


def test_a_change_that_a_busy_proxy_answered_is_not_sent_again() -> None:
    script = Script(said_busy("20"), ok({"success": True}))

    async def remove(client: MetaClient) -> tuple[object, object]:
        return await client.write("DELETE", "101", {}), await client.get("500", {})

    script.run(remove)

    assert [request.method for request in script.requests] == ["DELETE", "GET"]
    assert script.slept == [pytest.approx(20, abs=1)], "who looks what became of it comes when he was told to"


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
