"""Nobody is removed before the Owners were told, and who says stop is heard up to the last moment."""

import asyncio
import logging
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Thread

import pytest

from flows.apply import apply_approved
from tasks import boundaries
from tests.reliability.approval_scene import LABEL, STAY, Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id

EVA, MIA = seat_id("Eva Rust"), "900"
WHEN = re.compile(r"approved\s+is\s+done\s+at\s+(.+?),\s+not\s+earlier", re.DOTALL)


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Mia Skog") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def outcomes(hub: Approving) -> dict[str, str]:
    return {one.member_id: one.outcome for one in hub.apply().values()}


def mail_goes(hub: Approving, *, out: bool) -> None:
    """Let the mail server be there, or not."""
    text = hub.ws.config.read_text().replace('host = "nowhere.invalid"', 'host = "127.0.0.1"')
    hub.ws.config.write_text(text if out else text.replace('host = "127.0.0.1"', 'host = "nowhere.invalid"'))


def at_boundary(patch: pytest.MonkeyPatch, name: str, act: Callable[[], object]) -> None:
    """Do something when `apply` is at this boundary for the first time."""
    done: list[str] = []

    def here(reached: str) -> None:
        if reached == name and not done:
            done.append(name)
            thread = Thread(target=act)  # a loop is running in this one
            thread.start()
            thread.join()

    patch.setattr(boundaries, "on_boundary", here)


def test_while_the_mail_server_is_away_nothing_is_done_and_then_the_whole_time_to_say_stop_is_left(
    hub: Approving, caplog: pytest.LogCaptureFixture
) -> None:
    mail_goes(hub, out=False)
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(hours=3)
    with caplog.at_level(logging.INFO, logger="hubroster.progress"):
        assert outcomes(hub) == {}
    assert "mail goes out" in caplog.text

    mail_goes(hub, out=True)
    hub.notify()
    told = WHEN.search(hub.mails("Olga Pind", "Receipt")[-1]["text"])
    assert told
    assert any(f"{hub.now() + timedelta(minutes=m):%H:%M}" in told[1] for m in (14, 15)), told[1]
    hub.pass_time(minutes=14)
    assert outcomes(hub) == {}
    hub.pass_time(minutes=2)
    assert outcomes(hub) == {EVA: "done"}


def test_when_no_mail_goes_out_for_a_day_the_approval_lapses_and_says_why(hub: Approving) -> None:
    mail_goes(hub, out=False)
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(hours=25)

    (settled,) = hub.apply().values()
    assert settled.outcome == "lapsed"
    assert "mail goes out" in settled.reason
    assert hub.deletes() == []
    mail_goes(hub, out=True)
    hub.notify()
    assert "mail goes out" in " ".join(hub.mails("Bo Marsh", "Not done")[-1]["text"].split())


def test_an_owner_whose_mailbox_takes_nothing_for_good_is_not_waited_for(hub: Approving) -> None:
    hub.person("Olga Pind", primary_email="no address any more")
    hub.check()
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)

    assert outcomes(hub) == {EVA: "done"}
    assert "mail_refused" in {row.kind for row in hub.rows()}


def test_codes_stay_good_until_the_mail_with_newer_ones_has_gone_out(hub: Approving) -> None:
    """A reminder that can't be sent takes nothing away; one that was sent takes the place of the codes."""
    first, second = hub.code_about("Bo Marsh", "Eva Rust"), hub.code_about("Bo Marsh", "Mia Skog")
    mail_goes(hub, out=False)
    hub.pass_time(days=6)
    _, failed = hub.notify()
    assert len(failed) == 3
    assert hub.type(first).taken

    mail_goes(hub, out=True)
    hub.notify()
    assert hub.mails("Bo Marsh", "Reminder")
    (reason,) = hub.type(second).refused
    assert "newest mail" in reason


def test_a_keep_said_between_the_intention_and_the_call_stops_it(
    hub: Approving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What remains is the moment of the call itself."""
    hub.says("Bo Marsh")
    stay = hub.code_about("Olga Pind", "Eva Rust", STAY)
    hub.pass_time(minutes=16)
    at_boundary(monkeypatch, "apply.intended", lambda: hub.type(stay))

    assert outcomes(hub) == {EVA: "withdrawn", MIA: "done"}
    assert hub.deletes() == [(MIA, 200)]


@pytest.mark.parametrize(
    ("at", "expected"), [("apply.intended", "unknown"), ("apply.called", "done")], ids=["before", "after"]
)
def test_a_process_that_lost_its_lease_adds_no_second_result(
    hub: Approving, monkeypatch: pytest.MonkeyPatch, at: str, expected: str
) -> None:
    """It slept for six minutes, and another took over: before the call it makes none any more."""
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    at_boundary(monkeypatch, at, lambda: _take_over(hub))

    assert outcomes(hub) == {}
    assert hub.results() == [(EVA, expected)]
    assert len(hub.deletes()) == (at == "apply.called")


def test_what_the_one_that_took_over_could_not_know_is_told_later(
    hub: Approving, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    unread = {"edge": "business_users", "method": "GET", "times": 1000, "fault": "code", "code": 10}
    at_boundary(monkeypatch, "apply.proved", lambda: (hub.box.admin("faults", [unread]), _take_over(hub)))

    assert outcomes(hub) == {}
    assert hub.results() == [(EVA, "unknown")]
    assert [row.payload["outcome"] for row in hub.rows("late_result")] == ["done"]
    assert "done at Meta" in " ".join(hub.mails("Olga Pind", "Receipt")[-1]["text"].split())


def _take_over(hub: Approving) -> None:
    hub.pass_time(minutes=6)
    asyncio.run(apply_approved(hub.settings, LABEL))
