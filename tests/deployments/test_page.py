"""What the page grants, and to whom: a session to who has a code, a decision to two forms."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from deployments.page.app import create_app
from deployments.page.guard import HEADERS
from flows.answers.page import Answering
from tests.deployments.owners_page import OwnersPage, Visitor, hidden, owners_page


@pytest.fixture(scope="module")
def page() -> Iterator[OwnersPage]:
    """A hub in which two have left; some tests answer about Eva Rust, none about Finn Aske."""
    with owners_page("Eva Rust", "Finn Aske") as made:
        yield made
        assert "Traceback" not in made.log.read_text()


@pytest.fixture
def ada(page: OwnersPage) -> Visitor:
    """An Owner who has typed her code."""
    return entered(page, "Ada Lund")


def entered(page: OwnersPage, name: str) -> Visitor:
    visitor = Visitor(page)
    assert visitor.enter(page.code(name)).status_code == 303
    return visitor


def about(page: OwnersPage, name: str) -> str:
    """Return the field of the question about somebody."""
    ids = {"Eva Rust": "10004", "Finn Aske": "10005"}
    return f"a-{next(c for c, member in page.hub.asked().items() if member == ids[name])}"


def test_every_answer_carries_the_headers_refusals_included(page: OwnersPage, ada: Visitor) -> None:
    """No framing, no script, no other origin's style or form, nothing kept, no referrer."""
    found = [
        *(
            ada.client.get(path)
            for path in ("/", "/livez", "/style.css", "/r/x-1", "/nothing", "/r/x-1/answers")
        ),
        ada.look(),
        ada.client.put("/"),
        ada.client.get("/", headers={"host": "elsewhere.example"}),
        ada.client.post("/r/x-1", headers={"origin": "https://elsewhere.example"}),
        ada.client.post("/r/x-1", content=b"x" * 100_000),
    ]

    assert [one.status_code for one in found] == [200, 200, 200, 200, 404, 403, 200, 405, 421, 403, 413]
    for answer in found:
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, answer.url
        assert "set-cookie" not in answer.headers
        assert "server" not in answer.headers
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_looking_changes_nothing(page: OwnersPage, ada: Visitor) -> None:
    """Whatever is asked for by GET or HEAD, with a session or without: the ledger is the same, to the row."""
    field = about(page, "Finn Aske")
    stranger = Visitor(page)
    before = page.ledger()

    for who in (ada, stranger):
        for path in (
            f"/r/{page.review}",
            f"/r/{page.review}/answers",
            f"/r/{page.review}/leave",
            "/",
            "/r/x-9",
        ):
            for query in ("", f"?{field}=remove&sure=yes&all=recommended", f"?code={page.code('Bo Marsh')}"):
                for method in ("GET", "HEAD"):
                    assert who.client.request(method, path + query).status_code in (200, 403, 404, 405)

    assert page.ledger() == before
    assert ada.look().status_code == 200, "not even the session has ended"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECTED"])
def test_other_methods_are_refused(page: OwnersPage, ada: Visitor, method: str) -> None:
    before = page.ledger()
    answer = ada.client.request(
        method, f"/r/{page.review}/answers", data={about(page, "Finn Aske"): "remove"}
    )
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert page.ledger() == before


def test_an_answer_is_recorded_when_it_was_seen_and_confirmed_and_not_before(page: OwnersPage) -> None:
    ada = entered(page, "Ada Lund")
    field = about(page, "Eva Rust")
    before = page.ledger()

    shown = ada.answer(form=ada.form(), **{field: "keep"}, comment="she came back")
    assert "Is this right?" in shown.text
    assert "Eva Rust has left." in shown.text
    assert page.ledger() == before

    done = ada.answer(form=hidden(shown.text, "form"), sure="yes", **{field: "keep"}, comment="she came back")
    assert "1 answer is recorded" in done.text
    (row,) = page.hub.rows("answered")
    assert row.payload["answers"] == {field[2:]: "keep"}
    assert row.identified_by == "page code"


FORGED = {
    "without the form's token": ({}, {"form": ""}),
    "with a token that is none": ({}, {"form": "ä" * 64}),
    "from another site": ({"origin": "https://elsewhere.example"}, {}),
    "from a sandboxed frame": ({"origin": "null"}, {}),
    "from this machine, another port": ({"origin": "http://127.0.0.1:9"}, {}),
    "from a site whose name begins like ours": ({"origin": "{url}.elsewhere.example"}, {}),
    "by another site's link": ({"origin": "", "sec-fetch-site": "cross-site"}, {}),
    "by a sister site": ({"origin": "", "sec-fetch-site": "same-site"}, {}),
    "by who tells nothing": ({"origin": ""}, {}),
}


@pytest.mark.parametrize("how", FORGED)
def test_a_form_that_another_site_sends_is_not_taken(page: OwnersPage, ada: Visitor, how: str) -> None:
    headers, fields = FORGED[how]
    field, good = about(page, "Finn Aske"), ada.form()
    before = page.ledger()
    sent = {"form": good, "sure": "yes", field: "remove"} | fields
    if headers:  # as the browser of somebody who is logged in sends it
        ada.client.headers.pop("origin")
        headers = {name: value.format(url=page.url) for name, value in headers.items() if value}

    assert ada.answer(headers, **sent).status_code == 403
    assert ada.client.post(f"/r/{page.review}/leave", data=sent, headers=headers).status_code in (200, 403)
    assert page.ledger() == before


def test_a_form_of_another_session_is_not_taken(page: OwnersPage, ada: Visitor) -> None:
    bo, again = entered(page, "Bo Marsh"), entered(page, "Ada Lund")
    before = page.ledger()
    for other in (bo, again):
        answer = ada.answer(form=other.form(), sure="yes", **{about(page, "Finn Aske"): "remove"})
        assert answer.status_code == 403
    assert page.ledger() == before


def test_the_cookie_is_for_our_server_alone_and_new_each_time(page: OwnersPage) -> None:
    """Nobody can plant a session: what a browser brings is never taken over, and ends."""
    ada = Visitor(page)
    ada.client.cookies.set("session", "planted", path=f"/r/{page.review}")
    first = ada.enter(page.code("Ada Lund"))
    cookie = first.headers["set-cookie"]
    token = cookie.partition(";")[0].partition("=")[2]
    attributes = {part.strip() for part in cookie.split(";")[1:]}
    assert attributes == {"HttpOnly", "SameSite=strict", f"Path=/r/{page.review}"}
    assert first.headers["location"] == f"/r/{page.review}/answers"
    assert token != "planted"
    assert len(token) >= 43, "256 bits"
    assert not any(token in str(row) for rows in page.ledger().values() for row in rows)

    second = ada.enter(page.code("Ada Lund")).headers["set-cookie"]
    assert second.partition(";")[0] != f"session={token}"
    assert _looks(page, token) == 403


def test_who_leaves_has_left_on_the_server_too(page: OwnersPage) -> None:
    ada = entered(page, "Ada Lund")
    token = ada.client.cookies["session"]
    assert _looks(page, token) == 200

    left = ada.client.post(f"/r/{page.review}/leave", data={"form": ada.form()})

    assert "You have left" in left.text
    assert 'session=""' in left.headers["set-cookie"]
    assert _looks(page, token) == 403


def _looks(page: OwnersPage, token: str) -> int:
    """Return what somebody is answered who brings this token from elsewhere."""
    cookie = {"cookie": f"session={token}"}
    return httpx.get(f"{page.url}/r/{page.review}/answers", headers=cookie, trust_env=False).status_code


@pytest.mark.parametrize("token", ["", "x", "ä", "\x7f", "a" * 5000, "../../etc", '"; Path=/'])
def test_a_token_that_was_never_given_opens_nothing(page: OwnersPage, token: str) -> None:
    cookie = {"cookie": f"session={token}".encode("latin-1")}
    answer = httpx.get(f"{page.url}/r/{page.review}/answers", headers=cookie, trust_env=False)  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert "Type the code from your mail" in answer.text


def test_the_door_tells_nothing_of_what_is_behind_it(page: OwnersPage) -> None:
    """For a review that there is and one that never was: the same page, the same answer to a wrong code."""
    stranger = Visitor(page)
    real, none = (stranger.client.get(f"/r/{name}").text for name in (page.review, "x-9"))
    assert real.replace(page.review, "x-9") == none
    real, none = (stranger.enter("ABCDEFGHJK", name).text for name in (page.review, "x-9"))
    assert real.replace(page.review, "x-9") == none


WRONG = {
    "a change that is not asked": {"a-0123456789ab": "remove"},
    "an answer that is not offered": {"{field}": "match:1"},
    "an answer that there is not": {"{field}": "do"},
    "the wrong kind of answer": {"{field}": "match:٣"},
    "nothing": {},
    "an answer and one that is none": {"{field}": "keep", "a-x": "remove"},
}


@pytest.mark.parametrize("what", WRONG)
def test_answers_that_were_not_offered_are_not_recorded(page: OwnersPage, ada: Visitor, what: str) -> None:
    """All of a form counts, or nothing of it."""
    fields = {name.format(field=about(page, "Finn Aske")): value for name, value in WRONG[what].items()}
    before = page.recorded()
    answer = ada.answer(form=ada.form(), sure="yes", **fields)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert page.recorded() == before


def test_all_that_is_recommended_is_confirmed_as_it_was_shown(page: OwnersPage, ada: Visitor) -> None:
    """A confirmation for another list is no confirmation: the list is shown again."""
    before = page.ledger()
    for seen in ("recommended", "0" * 64, "ä"):
        answer = ada.answer(form=ada.form(), sure="yes", all=seen)
        assert "Is this right?" in answer.text
    assert page.ledger() == before


def test_behind_a_proxy_with_tls_the_cookie_is_secure(page: OwnersPage) -> None:
    """`[page] url` says how Owners come: over https cookies go that way alone, and browsers stay with it."""
    url = "https://roster.example"
    app = create_app(Answering(page.hub.settings), url)

    async def enter() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=url, headers={"origin": url}) as client:
            return await client.post(f"/r/{page.review}", data={"code": page.code("Ada Lund")})

    answer = asyncio.run(enter())
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


def test_what_keeps_an_owner_out_is_told_to_the_operator(page: OwnersPage) -> None:
    """The Owner is asked to try again, and may; the log of the page says why."""
    warehouse, code = page.hub.settings.warehouse_path, page.code("Bo Marsh")
    away = warehouse.rename(warehouse.with_name("away.duckdb"))
    try:
        told = Visitor(page).enter(code)
    finally:
        away.rename(warehouse)

    assert told.status_code == 503
    assert "nothing was recorded" in told.text
    assert f"An Owner was told to try again: {warehouse} is gone" in page.log.read_text()
    assert Visitor(page).enter(code).status_code == 303
