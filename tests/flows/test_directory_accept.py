"""What a rule refuses, an Owner can accept: exactly that file, on record, and for so long only."""

from pathlib import Path
from typing import Any

import pytest

from flows.directory.accept import accept
from flows.directory.state import directory_state
from flows.owners.seat_of import ActionRefused
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


def test_no_other_file_is_accepted_by_it_nor_the_same_one_read_in_another_way(hub: RowsWorkspace) -> None:
    hub.people(*left(6))
    accept(load_settings(), "file:people.csv", "the studio in Lyon closed")
    (done,) = entries(ACCEPTED)
    config = hub.folder / "hubroster.toml"
    text = config.read_text()
    config.write_text(text.replace('absence = "missing"', 'absence = "left"'))

    assert not hub.check(WORLD).directory[0].accepted
    config.write_text(text)
    hub.people(*left(7))
    assert not hub.check(WORLD).directory[0].accepted
    with pytest.raises(ActionRefused, match="not the one that was named"):
        accept(load_settings(), None, "the studio in Lyon closed", done.payload["digest"][:12])


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


def test_only_an_owner_who_is_logged_in_and_says_why_may_and_only_of_a_file_with_people(
    hub: RowsWorkspace,
) -> None:
    """Five leavers of forty are news and nothing to accept; who may act is as the last accepted read says."""

    def refused(says: str, source: str | None = None, why: str = "because") -> None:
        with pytest.raises(ActionRefused, match=says):
            accept(load_settings(), source, why)

    hub.people(*left(5))
    refused("accepted as it is")
    for content in (b"", b"\0", b"person_id,display_name\n"):
        (hub.folder / "people.csv").write_bytes(content)
        refused("can't be accepted")
    hub.people({**STAFF[0], "status": "suspended"}, *STAFF[1:])
    hub.check(WORLD)
    hub.people(*left(6))
    refused("must be an active employee")
    refused("say why", why="  ")
    refused("no directory source 'hr'", "hr")
    (load_settings().home / "login.token").unlink()
    refused("not logged in")

    assert entries(ACCEPTED) == []
