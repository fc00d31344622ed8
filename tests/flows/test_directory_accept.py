"""What a rule refuses, an Owner can accept: exactly that file, on record, and for so long only."""

from pathlib import Path
from typing import Any

import pytest

from flows.directory_accept import accept
from flows.directory_state import directory_state
from flows.seat_of import ActionRefused
from flows.settings import load_settings
from matching.review.directory import ACCEPTED
from tests.flows.directory_owner import entries, log_in
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

STAFF = [person(n, f"Colleague Number{n}") for n in range(1, 41)]
WORLD = {
    "business_users": [
        member(n, who["display_name"], email=who["primary_email"], role="ADMIN")
        for n, who in enumerate(STAFF[:12], 1)
    ]
}


def left(many: int) -> list[dict[str, Any]]:
    """Return the staff, of whom the first so many but one are gone; p1 stays and is the Owner."""
    return [
        STAFF[0],
        *({**who, "status": "deprovisioned"} for who in STAFF[1 : many + 1]),
        *STAFF[many + 1 :],
    ]


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(*STAFF)
    made.check(WORLD)
    log_in("p1")
    return made


def test_a_mass_of_leavers_is_refused_until_an_owner_says_that_it_is_so(hub: RowsWorkspace) -> None:
    hub.people(*left(6))
    refused = hub.check(WORLD)
    (state,) = directory_state(load_settings()).sources
    done = accept(load_settings(), None, "the studio in Lyon closed", state.file.digest[:12])
    accepted = hub.check(WORLD)
    (row,) = entries(ACCEPTED)

    assert refused.directory[0].reason == "marks 6 of the 40 active people as gone, 5 are allowed at once"
    assert (refused.proposed("remove"), refused.asks_for_help) == ([], True)
    assert (accepted.directory[0].accepted, accepted.proposed("remove")) == (
        True,
        ["2", "3", "4", "5", "6", "7"],
    )
    assert (row.seq, row.payload["digest"], row.payload["source"]) == (
        done.seq,
        accepted.directory[0].digest,
        "file:people.csv",
    )
    assert row.payload["reason"].startswith("text:")
    assert directory_state(load_settings()).sources[0].refused == ()


def test_a_small_hubs_leavers_are_news_and_nothing_to_accept(hub: RowsWorkspace) -> None:
    hub.people(*left(5))
    found = hub.check(WORLD)

    assert (found.directory[0].accepted, len(found.proposed("remove"))) == (True, 5)
    with pytest.raises(ActionRefused, match="accepted as it is"):
        accept(load_settings(), None, "because")


def test_no_other_file_is_accepted_by_it(hub: RowsWorkspace) -> None:
    hub.people(*left(6))
    accept(load_settings(), "file:people.csv", "the studio in Lyon closed")
    hub.people(*left(7))

    assert not hub.check(WORLD).directory[0].accepted
    with pytest.raises(ActionRefused, match="not the one that was named"):
        accept(
            load_settings(), None, "the studio in Lyon closed", entries(ACCEPTED)[0].payload["digest"][:12]
        )


def test_nor_the_same_file_read_in_another_way(hub: RowsWorkspace) -> None:
    hub.people(*left(6))
    accept(load_settings(), None, "the studio in Lyon closed")
    config = hub.folder / "hubroster.toml"
    config.write_text(config.read_text().replace('absence = "missing"', 'absence = "left"'))

    assert not hub.check(WORLD).directory[0].accepted


def test_an_old_file_is_accepted_for_as_long_again_and_no_longer(hub: RowsWorkspace) -> None:
    """Else a source that nobody exports any more would be believed for ever."""
    hub.move_clock(40 * 3600)
    assert "is 40 h old" in str(hub.check(WORLD).directory[0].reason)
    log_in("p1")
    accept(load_settings(), None, "nothing changed since Friday")
    now = hub.check(WORLD).directory[0]
    hub.move_clock((40 + 37) * 3600)

    assert now.accepted
    assert "is 77 h old" in str(hub.check(WORLD).directory[0].reason)


@pytest.mark.parametrize("content", [b"", b"\0", b"person_id,display_name\n"])
def test_what_holds_nobody_cannot_be_accepted(hub: RowsWorkspace, content: bytes) -> None:
    (hub.folder / "people.csv").write_bytes(content)

    with pytest.raises(ActionRefused, match="can't be accepted"):
        accept(load_settings(), None, "because")


def test_only_an_owner_who_is_logged_in_and_says_why_may(hub: RowsWorkspace) -> None:
    hub.people(*left(6))
    with pytest.raises(ActionRefused, match="say why"):
        accept(load_settings(), None, "  ")
    with pytest.raises(ActionRefused, match="no directory source 'hr'"):
        accept(load_settings(), "hr", "because")
    (load_settings().home / "login.token").unlink()
    with pytest.raises(ActionRefused, match="not logged in"):
        accept(load_settings(), None, "because")

    assert entries(ACCEPTED) == []


def test_somebody_who_is_no_owner_any_more_may_not(hub: RowsWorkspace) -> None:
    """The last accepted read says who is an active employee, not the file that he wants accepted."""
    hub.people({**STAFF[0], "status": "suspended"}, *STAFF[1:])
    hub.check(WORLD)
    hub.people(*left(6))

    with pytest.raises(ActionRefused, match="must be an active employee"):
        accept(load_settings(), None, "because")
