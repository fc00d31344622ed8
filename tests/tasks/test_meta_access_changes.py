"""Grants and revokes at the stand-in: a grant is a union, whatever Meta makes of it, or isn't sent."""

import pytest

from deployments.sandbox.server import Sandbox
from tests.tasks.changing import change_and_prove, writes
from tests.tasks.sample_changes import KINDS, a_grant, by_hand


def test_a_grant_adds_to_what_is_there_and_never_replaces_it(box: Sandbox) -> None:
    """§1.5: Meta puts what is sent in place of what was there."""
    change = a_grant(box)

    change_and_prove(box, change)

    assert set(box.world.grants[change.member_id][change.asset_id]) == {"ADVERTISE", "ANALYZE"}


def test_a_grant_that_is_there_already_sends_nothing(box: Sandbox) -> None:
    change = a_grant(box)
    by_hand(box, change)

    done = change_and_prove(box, change, was_there=False)

    assert (done.called.state, done.outcome) == ("accepted", "already_done")
    assert writes(box, done) == []


def test_a_grant_is_not_sent_where_what_is_there_cannot_be_read(box: Sandbox) -> None:
    change = a_grant(box)
    box.admin(
        "faults",
        [
            {"edge": edge, "method": "GET", "times": None, "fault": "wrong_total"}
            for edge in ("assigned_users", "assigned_ad_accounts")
        ],
    )

    done = change_and_prove(box, change)

    assert (done.called.state, done.outcome) == ("refused", "refused")
    assert writes(box, done) == []
    assert set(box.world.grants[change.member_id][change.asset_id]) == {"ADVERTISE"}


@pytest.mark.parametrize("kind", ["grant", "revoke"])
def test_where_an_asset_does_not_tell_its_people_the_member_tells_his_assets(box: Sandbox, kind: str) -> None:
    """§1.5: a Page may tell its people only to a person's own token."""
    change = KINDS[kind](box)
    box.admin(
        "faults", [{"edge": "assigned_users", "method": "GET", "times": None, "fault": "code", "code": 200}]
    )

    assert change_and_prove(box, change).outcome == "done"


def test_meta_may_make_more_of_a_grant_than_was_asked_for(box: Sandbox) -> None:
    change = a_grant(box, "page")
    box.admin("switches", {"expand_tasks": True, "business_on_writes": "required"})

    assert change_and_prove(box, change).outcome == "done"
