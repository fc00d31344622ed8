"""The page is killed while an Owner answers: his answer stands whole, or can be given again."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.reliability.approval_killed import page
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id

EVA = seat_id("Eva Rust")
ANSWERS = "/r/agency-2/answers"
ENTERED, ANSWERED = 1, 2  # what the page commits: that somebody came in, and his answer


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60])


def come_in(hub: Approving, browser: httpx.Client) -> str:
    """Type the code of Bo's mail; return what a form of this session carries."""
    shown = browser.post("/r/agency-2", data={"code": hub.code("Bo Marsh", "Type this code there")})
    found = re.search(r'name="form" value="([^"]+)"', shown.text)
    assert found, shown.text
    return found[1]


def answer(hub: Approving, browser: httpx.Client, form: str) -> httpx.Response:
    change = next(change for change, member in hub.asked().items() if member == EVA)
    return browser.post(ANSWERS, data={"form": form, f"a-{change}": "remove", "sure": "yes"})


@pytest.mark.parametrize(
    ("at", "stands"), [("ledger.writing", False), ("ledger.written", True)], ids=["before", "after"]
)
def test_an_answer_stands_whole_or_can_be_given_again(hub: Approving, at: str, stands: bool) -> None:
    with page(hub, at=at, nth=ANSWERED) as browser:
        form = come_in(hub, browser)
        with pytest.raises(httpx.TransportError):
            answer(hub, browser, form)
    assert len(hub.rows("answered")) == len(hub.rows("approved")) == stands
    assert hub.mails("Olga Pind", "Receipt") == []

    with page(hub) as browser:
        form = come_in(hub, browser)
        if not stands:
            assert answer(hub, browser, form).status_code == 200
    hub.notify()
    assert len(hub.rows("answered")) == len(hub.mails("Olga Pind", "Receipt")) == 1
    hub.pass_time(minutes=16)
    assert {one.member_id: one.outcome for one in hub.apply().values()} == {EVA: "done"}
    assert hub.deletes() == [(EVA, 200)]
    assert hub.ledger_ok()
