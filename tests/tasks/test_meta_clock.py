"""Our clock against Meta's `Date`."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.errors import ClockOff
from tasks.meta.clock import ClockWatch
from tests.flows.plain_check import BoxWorkspace, box_workspace

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)


def watch(*off_s: float | str | None) -> ClockWatch:
    """Return a watch that has seen answers dated so many seconds after our time."""
    made = ClockWatch(lambda: NOW)
    for one in off_s:
        text = format_datetime(NOW + timedelta(seconds=one), usegmt=True) if isinstance(one, int) else one
        made.note(httpx.Headers({} if text is None else {"Date": str(text)}))
    return made


@pytest.mark.parametrize(
    ("off_s", "says"),
    [
        (-7380, "2 h 3 min ahead of"),
        (301, "5 min behind"),
        (-86400 * 400, "400 d ahead of"),
        (86400 + 3540, "1 d 59 min behind"),
    ],
)
def test_a_clock_that_is_off_by_more_than_five_minutes_says_how_far_and_which_way(
    off_s: int, says: str
) -> None:
    with pytest.raises(ClockOff) as caught:
        watch(off_s, off_s).require_right()

    assert str(caught.value) == (
        f"this machine's clock is {says} Meta's; nothing was written: set it (NTP) and check again"
    )


@pytest.mark.parametrize(
    "seen",
    [
        (300, -300),
        (7200, 1, 7200),  # one right one among odd ones
        (None, None),
        (),
        ("yesterday", "", "Tue, 99 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2026 12:00:00 +99999999"),
        ("Tue, 24 Nov 2026 12:00:00 -0000",),
    ],
    ids=str,
)
def test_what_is_near_enough_or_says_nothing_stands_in_no_ones_way(seen: tuple[int | str | None]) -> None:
    watch(*seen).require_right()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BoxWorkspace]:
    with (
        Sandbox(WorldPlan(seed=7, members=12, pages=8, ad_accounts=4, directory=20)) as box,
        box_workspace(tmp_path, monkeypatch, box) as made,
    ):
        yield made


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("by_s", [7200, -7200])
def test_while_our_clock_is_wrong_a_check_writes_nothing_and_then_all_is_as_before(
    hub: BoxWorkspace, monkeypatch: pytest.MonkeyPatch, by_s: int
) -> None:
    before = hub.check()
    written = everything(hub.folder)
    monkeypatch.setenv("HUBROSTER_CLOCK_S", str(by_s))

    with pytest.raises(ClockOff, match=r"2 h (0 min )?(ahead of|behind) Meta's; nothing was written"):
        hub.check()

    assert everything(hub.folder) == written
    monkeypatch.delenv("HUBROSTER_CLOCK_S")
    assert hub.check().digest == before.digest


def test_the_wrong_date_of_a_few_answers_is_not_our_clock(hub: BoxWorkspace) -> None:
    before = hub.check()
    hub.admin("faults", [{"edge": "node", "fault": "wrong_date", "times": 1}])

    assert hub.check().digest == before.digest


def test_a_clock_that_is_moved_together_with_metas_is_right(hub: BoxWorkspace) -> None:
    before = hub.check()
    hub.move_clock(86400 * 30)
    after = hub.check()

    assert (after.complete, after.digest) == (True, before.digest)
