"""How long Meta serves the version that is asked for, told on given days."""

from datetime import UTC, datetime

import pytest

from matching.preflight.versions import version_point


@pytest.mark.parametrize(
    ("asked", "served", "day", "state", "says"),
    [
        ("v26.0", "v26.0", "2026-11-24", "ok", "v26.0; Meta has announced no end"),
        ("v26.0", None, "2026-11-24", "ok", "v26.0; Meta has announced no end"),
        ("v22.0", "v22.0", "2026-11-24", "ok", "Meta serves v22.0 until 20 May 2027"),
        ("v21.0", "v21.0", "2026-11-24", "look", "Meta serves v21.0 until 21 Jan 2027, in 58 days"),
        ("v21.0", "v21.0", "2027-02-01", "look", "Meta serves v21.0 until 21 Jan 2027, which is over"),
        ("v20.0", "v21.0", "2026-11-24", "look", "v20.0 is over: Meta answers with v21.0"),
        (
            "v27.0",
            "v27.0",
            "2027-03-01",
            "look",
            "v27.0 is not one of those that this hubroster knows (v21.0 to v26.0)",
        ),
    ],
)
def test_an_end_is_told_in_time(asked: str, served: str | None, day: str, state: str, says: str) -> None:
    point = version_point(asked, served, datetime.fromisoformat(day).replace(tzinfo=UTC))

    assert (point.state, point.said) == (state, says)
    assert bool(point.mend) is (state != "ok")
