"""Whatever bytes come in at the page: an answer that says no, nothing recorded, and others are served."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from deployments.page import guard
from deployments.page.app import create_app
from deployments.page.guard import BODY_S, MOST_BYTES, Guard, listening_port
from flows.answers.page import Answering
from tests.deployments.owners_page import OwnersPage, Visitor, new_address, owners_page


@pytest.fixture(scope="module")
def page() -> Iterator[OwnersPage]:
    """A hub that is asked about; at the end nobody has answered, and nothing broke."""
    with owners_page("Eva Rust") as made:
        yield made
        assert made.hub.rows("answered") == []
        assert "Traceback" not in made.log.read_text()


def say(page: OwnersPage, request: bytes, *, timeout_s: float = 10) -> tuple[int, bytes]:
    """Send bytes as they are; return the status and the whole answer."""
    with _connected(page, timeout_s) as connection:
        connection.sendall(request)
        answer = b""
        with suppress(ConnectionResetError):  # it hangs up on what it doesn't read to the end
            while piece := connection.recv(65536):
                answer += piece
    return int(answer.split(b" ", 2)[1]), answer


def _connected(page: OwnersPage, timeout_s: float = 10) -> socket.socket:
    at = urlsplit(page.url)
    assert at.hostname
    assert at.port
    return socket.create_connection((at.hostname, at.port), timeout=timeout_s)


def request(
    page: OwnersPage, method: str, path: str, body: bytes = b"", *headers: str, host: str = ""
) -> bytes:
    """Write a request by hand; other addresses than one's own, so that no limit is in the way."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host or urlsplit(page.url).netloc}",
        "Connection: close",
        f"Origin: {page.url}",
        f"X-Forwarded-For: {new_address()}",
        *(headers or ["Content-Type: application/x-www-form-urlencoded"]),
    ]
    if body and not any(line.lower().startswith(("content-length", "transfer-")) for line in lines):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


PATHS = [
    "/r/../../etc/passwd",
    "/r/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/style.css/../app.py",
    "/style.css%2f..%2f..%2fapp.py",
    "/templates/door.html",
    "//elsewhere.example/r/agency-1",
    "/r/agency-1%00",
    "/r/agency-1%0d%0aSet-Cookie:%20session=planted",
    "/r/agency-1;Domain=elsewhere.example",
    "/r/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "/r/agency-1/answers/../../../x",
    "/r/%ff%fe",
    "/r/%ed%a0%80",
    "/r/" + "a" * 5000,
    "/r/",
    "/r/agency-1/answers?page=" + "9" * 4000,
    "/?" + "a=b&" * 1000,
    "*",
]


@pytest.mark.parametrize("path", PATHS, ids=range(len(PATHS)))
def test_odd_paths_lead_nowhere(page: OwnersPage, path: str) -> None:
    """No file is served but the style, nothing of a path comes back as markup or as a header."""
    for method in ("GET", "POST"):
        status, answer = say(page, request(page, method, path, b"form=x&code=x" if method == "POST" else b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert 400 <= status < 500 or (status, method) == (200, "GET"), (method, answer[:200])
        assert b"set-cookie" not in head.lower()
        assert b"\nlocation:" not in head.lower()
        assert b"<script" not in body
        assert b"root:" not in body
        assert b"import" not in body


def test_leaving_a_review_that_there_is_not_writes_no_odd_cookie(page: OwnersPage) -> None:
    for name in ("a%0d%0aX-Y:%20z", "a;Domain=x", "%C3%A4", "a" * 200):
        status, answer = say(page, request(page, "POST", f"/r/{name}/leave", b"form=x"))
        assert status == 404
        assert b"set-cookie" not in answer.lower()


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example", "127.0.0.1", "127.0.0.1:1", "localhost.elsewhere.example", "[::1]", "é", "a b"],
)
def test_a_page_that_is_asked_for_by_another_name_does_not_answer(page: OwnersPage, host: str) -> None:
    """Whoever makes a name of his point here (DNS rebinding) gets nothing from an Owner's browser."""
    status, answer = say(page, request(page, "GET", "/", host=host))
    assert status in (400, 421)
    assert b"hubroster" not in answer


@pytest.mark.parametrize(
    ("url", "origin", "host", "port"),
    [
        ("https://roster.example", "https://roster.example", "roster.example", 8080),
        ("https://Roster.Example:443/", "https://roster.example", "roster.example", 443),
        ("https://roster.example:8443", "https://roster.example:8443", "roster.example:8443", 8443),
        ("http://[::1]:8080", "http://[::1]:8080", "[::1]:8080", 8080),
    ],
)
def test_the_page_knows_how_browsers_write_its_address(url: str, origin: str, host: str, port: int) -> None:
    """They write small letters and leave a usual port away; `up` and a proxy ask at the loopback."""
    guard = Guard(None, url)  # type: ignore[arg-type]  # nothing is passed on
    assert guard.origin == origin
    assert guard.hosts == {host, f"127.0.0.1:{port}", f"localhost:{port}"}
    assert listening_port(url) == port


def test_no_link_is_made_from_what_a_request_says_of_its_host(page: OwnersPage) -> None:
    headers = [
        "X-Forwarded-Host: elsewhere.example",
        "Forwarded: host=elsewhere.example",
        "X-Original-URL: /x",
    ]
    for path in ("/", f"/r/{page.review}", f"/r/{page.review}/answers"):
        status, answer = say(page, request(page, "GET", path, b"", *headers))
        assert status in (200, 403)
        assert b"elsewhere" not in answer


BODIES = {
    "bytes that are no text": b"code=\xff\xfe\x00&form=\xc3",
    "percents that are no text": b"code=%ff%fe%00&form=%zz%",
    "surrogates": b"code=%ed%a0%80&form=%ed%b0%80",
    "ten thousand fields": b"a=b&" * 10_000,
    "one field ten thousand times": b"code=x&" * 9_000,
    "one field, very long": b"code=" + b"A" * 60_000,
    "no form": b'{"code": "x"}',
    "nothing but separators": b"&;=&=&&&====",
    "an umlaut as the form's token": "form=ä&sure=yes&a-x=remove".encode(),
}


@pytest.mark.parametrize("what", BODIES)
def test_odd_forms_have_no_effect(page: OwnersPage, what: str) -> None:
    ada = Visitor(page)
    assert ada.enter(page.code("Ada Lund")).status_code == 303
    cookie = f"Cookie: session={ada.client.cookies['session']}"
    before = page.recorded()
    for path in (f"/r/{page.review}", f"/r/{page.review}/answers", f"/r/{page.review}/leave"):
        for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            sent = request(page, "POST", path, BODIES[what], cookie, f"Content-Type: {kind}")
            status, _ = say(page, sent)
            assert status in (200, 403, 404), (path, kind)
    assert page.recorded() == before
    assert ada.look().status_code == 200


def test_too_much_is_refused_before_it_is_read(page: OwnersPage) -> None:
    for length in (str(MOST_BYTES + 1), "9" * 12):
        status, answer = say(
            page, request(page, "POST", f"/r/{page.review}", b"", f"Content-Length: {length}")
        )
        assert status == 413
        assert b"connection: close" in answer.lower()
    status, _ = say(page, request(page, "POST", "/r/x-1", b"", "Transfer-Encoding: chunked"))
    assert status == 411
    status, _ = say(page, request(page, "GET", "/", b"", "X-Long: " + "a" * 200_000))
    assert status in (400, 431)


@pytest.mark.parametrize("length", ["-1", "x", "1e3", "", "٣", "1, 2"])
def test_a_length_that_is_none_is_refused(page: OwnersPage, length: str) -> None:
    sent = request(page, "POST", "/r/x-1", b"", "Content-Length: @").replace(b"@", length.encode())
    assert say(page, sent)[0] in (400, 411)


def test_whoever_trickles_forms_holds_nobody_up(page: OwnersPage) -> None:
    """A hundred connections that send a byte and no more: an Owner is served as quickly as before."""
    waiting = [_connected(page) for _ in range(100)]
    try:
        for connection in waiting:
            connection.sendall(request(page, "POST", "/r/x-1", b"", "Content-Length: 500") + b"c")
        began = time.monotonic()
        assert Visitor(page).enter(page.code("Ada Lund")).status_code == 303
        assert time.monotonic() - began < BODY_S - 5
    finally:
        for connection in waiting:
            connection.close()


def test_a_form_that_does_not_arrive_is_given_up(page: OwnersPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that a form takes on a bad line, also when a byte of it comes now and then."""
    assert BODY_S == 20
    monkeypatch.setattr(guard, "BODY_S", 0.3)

    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(900):
            await asyncio.sleep(0.05)
            yield b"x"

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(Answering(page.hub.settings), page.url))
        async with httpx.AsyncClient(transport=transport, base_url=page.url) as client:
            headers = {"origin": page.url, "content-length": "900"}
            return await client.post("/r/x-1", content=trickle(), headers=headers)

    began = time.monotonic()
    answer = asyncio.run(send())
    assert (answer.status_code, answer.headers["connection"]) == (408, "close")
    assert "did not arrive" in answer.text
    assert time.monotonic() - began < 5
