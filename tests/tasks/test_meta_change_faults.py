"""Changes at Meta while something fails: never sent twice, never called done without a whole reading."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from deployments.sandbox.server import Sandbox
from tasks.meta.change import Change
from tests.tasks.changing import Done, change_and_prove, writes
from tests.tasks.sample_changes import KINDS, Made, a_cancellation, a_removal, an_invite, is_so

WRITES = {
    "remove": ("node", "DELETE"),
    "cancel_invitation": ("node", "DELETE"),
    "invite": ("business_users", "POST"),
    "set_role": ("node", "POST"),
    "grant": ("assigned_users", "POST"),
    "revoke": ("assigned_users", "DELETE"),
}
LOST: dict[str, dict[str, Any]] = {
    "reset": {"fault": "reset"},
    "slow": {"fault": "slow", "seconds": 3},
    "hang": {"fault": "hang"},
    "cut_body": {"fault": "cut_body"},
    "html_502": {"fault": "html_502"},
    "bad_gzip": {"fault": "bad_gzip"},
    "code 1": {"fault": "code", "code": 1},
    "code 2": {"fault": "code", "code": 2},
    "code 3919": {"fault": "code", "code": 3919},
}
LIMITS = (4, 17, 32, 341, 613, 80000, 80004)


def each(usual: Any, others: Iterable[Any]) -> list[tuple[str, Any]]:
    """Return every kind with the usual case, and one kind with all the others."""
    return [*((kind, usual) for kind in WRITES), *(("remove", other) for other in others)]


def struck(box: Sandbox, kind: str, fault: dict[str, Any], **more: Any) -> tuple[Change, Done]:
    """Make a change of a kind while this hits its write."""
    edge, method = WRITES[kind]
    change = KINDS[kind](box)
    box.admin("faults", [{"edge": edge, "method": method, **fault, **more}])
    return change, change_and_prove(box, change, timeout_s=1)


@pytest.mark.parametrize(("kind", "fault"), each("reset", list(LOST)[1:]))
def test_a_lost_answer_to_a_write_that_was_done_is_settled_by_reading(
    box: Sandbox, kind: str, fault: str
) -> None:
    change, done = struck(box, kind, LOST[fault], before=False)

    assert (done.called.state, done.outcome) == ("lost", "done")
    assert is_so(box, change)
    assert len(writes(box, done)) == 1


@pytest.mark.parametrize(("kind", "fault"), each("reset", list(LOST)[1:]))
def test_a_lost_answer_to_a_write_that_was_not_done_is_unknown_and_not_repeated(
    box: Sandbox, kind: str, fault: str
) -> None:
    change, done = struck(box, kind, LOST[fault], before=True)

    assert (done.called.state, done.outcome) == ("lost", "unknown")
    assert not is_so(box, change)
    assert len(writes(box, done)) == 1


@pytest.mark.parametrize(("kind", "code"), each(4, LIMITS[1:]))
def test_a_limit_surely_did_nothing_so_it_is_waited_for_and_sent_again(
    box: Sandbox, kind: str, code: int
) -> None:
    change, done = struck(box, kind, {"fault": "code", "code": code})

    assert done.outcome == "done"
    assert is_so(box, change)
    assert len(writes(box, done)) == 2


def test_a_limit_beyond_wait_s_is_refused_and_says_when_to_come_back(box: Sandbox) -> None:
    box.admin("faults", [{"edge": "node", "method": "DELETE", "fault": "code", "code": 4, "times": None}])

    done = change_and_prove(box, a_removal(box), wait_s=30)

    assert done.outcome == "refused"
    assert "check again after" in done.words
    assert len(writes(box, done)) == 1


REFUSED = {
    3914: "give Full control to somebody else first",
    200: "business_management",
    10: "business_management",
    368: "Business Support",
    415: "two-factor",
    190: "make a new token",
    3: "access level",
    100: "look this code up",
    3912: "later",
}


@pytest.mark.parametrize(("kind", "code"), each(3914, list(REFUSED)[1:]))
def test_a_refusal_says_what_to_do_and_is_not_repeated(box: Sandbox, kind: str, code: int) -> None:
    change, done = struck(box, kind, {"fault": "code", "code": code, "times": None})

    assert done.outcome == "refused"
    assert REFUSED[code] in done.words
    assert f"code {code}" in done.words
    assert "fbtrace_id" in done.words
    assert not is_so(box, change)
    assert len(writes(box, done)) == 1


SWITCHES: dict[str, tuple[dict[str, Any], Made, str]] = {
    "new_system_user": ({"new_system_user_days": 10**5}, a_removal, "seven days"),
    "app_may_not_invite": ({"invite_forbidden": True}, an_invite, "seven days"),
    "blocked": ({"writes_blocked": True}, a_removal, "Business Support"),
}


@pytest.mark.parametrize(("switch", "of", "words"), SWITCHES.values(), ids=SWITCHES.keys())
def test_what_meta_restricts_is_refused_with_what_to_do(
    box: Sandbox, switch: dict[str, Any], of: Made, words: str
) -> None:
    box.admin("switches", switch)

    done = change_and_prove(box, of(box))

    assert done.outcome == "refused"
    assert words in done.words


def test_the_last_one_with_full_control_stays(box: Sandbox) -> None:
    admins = [one.id for one in box.world.users.values() if one.role == "ADMIN" and not one.is_system]

    outcomes = [change_and_prove(box, Change("remove", "user", one)).outcome for one in admins]

    assert outcomes == ["done"] * (len(admins) - 1) + ["refused"]
    assert admins[-1] in box.world.users


LISTINGS = ["business_users", "pending_users"]
BENT = [
    "wrong_total",
    "row_missing",
    "cursor_past_end",
    "repeat_cursor",
    "empty_page",
    "html_502",
    "cut_body",
]


@pytest.mark.parametrize("edge", LISTINGS)
@pytest.mark.parametrize("fault", BENT)
@pytest.mark.parametrize("of", [a_removal, a_cancellation], ids=["remove", "cancel_invitation"])
def test_a_removal_is_never_proven_by_a_listing_that_was_not_read_whole(
    box: Sandbox, edge: str, fault: str, of: Callable[[Sandbox], Change]
) -> None:
    box.admin("faults", [{"edge": edge, "method": "GET", "fault": fault, "times": None}])

    done = change_and_prove(box, of(box))

    assert (done.proof.state, done.outcome) == ("unknown", "unknown")
    assert edge in done.words


@pytest.mark.parametrize("fault", BENT)
@pytest.mark.parametrize("kind", ["remove", "cancel_invitation"])
def test_what_was_not_removed_is_not_proven_whatever_hits_one_page(
    box: Sandbox, kind: str, fault: str
) -> None:
    """A row that one bad page hides comes with the second reading."""
    change = KINDS[kind](box)
    box.admin(
        "faults",
        [
            {"edge": "node", "method": "DELETE", "fault": "reset", "before": True},
            *({"edge": edge, "method": "GET", "fault": fault} for edge in LISTINGS),
        ],
    )

    done = change_and_prove(box, change)

    assert done.proof.state in ("not_there_yet", "unknown")
    assert done.outcome == "unknown"


@pytest.mark.parametrize(
    "fault", ["wrong_total", "row_missing", "cursor_past_end", "repeat_cursor", "empty_page"]
)
def test_a_revoke_is_never_proven_by_half_a_listing(box: Sandbox, fault: str) -> None:
    change = KINDS["revoke"](box)
    box.admin(
        "faults",
        [
            {"edge": edge, "method": "GET", "fault": fault, "times": None}
            for edge in ("assigned_users", "assigned_pages")
        ],
    )

    assert change_and_prove(box, change).outcome == "unknown"
