"""Faults on the wire: what a client's HTTP library sees, however the edge was asked for."""

import json
import socket
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
import pytest

from deployments.sandbox.server import Sandbox
from tests.deployments.small_world import NOW, READER, small_world

Ask = Callable[[httpx.Client], httpx.Response]


def own(graph: httpx.Client) -> httpx.Response:
    return graph.get("100/assigned_pages")


def nested(graph: httpx.Client) -> httpx.Response:
    return graph.get("500/business_users?fields=id,assigned_pages")


def item(graph: httpx.Client) -> httpx.Response:
    return graph.post("", data={"batch": json.dumps([{"relative_url": "100/assigned_pages"}])})


WAYS = pytest.mark.parametrize("ask", [own, nested, item])


def schedule(box: Sandbox, fault: str, **more: object) -> None:
    box.admin("faults", [{"edge": "assigned_pages", "fault": fault, **more}])


@WAYS
@pytest.mark.parametrize(
    ("fault", "error"), [("reset", httpx.ReadError), ("cut_body", httpx.RemoteProtocolError)]
)
def test_the_answer_breaks_off_once(
    box: Sandbox, graph: httpx.Client, ask: Ask, fault: str, error: type[Exception]
) -> None:
    schedule(box, fault)
    with pytest.raises(error):
        ask(graph)

    assert ask(graph).status_code == 200


@WAYS
def test_a_cut_gzip_gives_a_short_text(box: Sandbox, graph: httpx.Client, ask: Ask) -> None:
    schedule(box, "bad_gzip")
    answer = ask(graph)  # zlib gives what it has of a cut stream, without a word

    assert answer.headers["content-encoding"] == "gzip"
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert ask(graph).json()


@WAYS
def test_a_wrong_length_cuts_the_text(box: Sandbox, graph: httpx.Client, ask: Ask) -> None:
    schedule(box, "wrong_length")
    with pytest.raises(json.JSONDecodeError):
        ask(graph).json()

    assert ask(graph).json()


@WAYS
def test_a_gateway_answers_with_a_page_for_people(box: Sandbox, graph: httpx.Client, ask: Ask) -> None:
    schedule(box, "html_502")
    answer = ask(graph)

    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert box.log.rows[-1]["status"] == 502


@WAYS
def test_a_date_is_an_hour_off_or_what_is_said(box: Sandbox, graph: httpx.Client, ask: Ask) -> None:
    for more, off in (({}, 3600), ({"seconds": -600}, -600)):
        schedule(box, "wrong_date", **more)
        said = parsedate_to_datetime(ask(graph).headers["date"])
        assert abs((said - NOW).total_seconds() - off) < 60


@WAYS
def test_silence_lasts_until_the_client_gives_up(box: Sandbox, graph: httpx.Client, ask: Ask) -> None:
    schedule(box, "hang")
    graph.timeout = httpx.Timeout(0.3)
    with pytest.raises(httpx.ReadTimeout):
        ask(graph)

    assert box.log.rows[-1]["status"] is None
    assert ask(graph).status_code == 200


def test_a_sandbox_ends_at_once_while_an_answer_hangs() -> None:
    with Sandbox(small_world()) as box:
        box.admin("faults", [{"edge": "*", "fault": "hang"}])
        port = int(box.graph_url.rpartition(":")[2])
        waiting = socket.create_connection(("127.0.0.1", port))
        waiting.sendall(f"GET /500?access_token={READER} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        while not box.log.rows:
            time.sleep(0.01)
        start = time.monotonic()

    assert time.monotonic() - start < 3
    waiting.close()
