"""A night of faults at Meta while people act by hand: nothing false is said, and then all is told."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.meta.wire import ASSIGNED_EDGES, EDGES
from tests.flows.by_hand import act_by_hand
from tests.flows.plain_check import Check, box_workspace
from tests.reliability.some_of_many import some_of

# one of each kind of trouble; every fault on every edge is in tests/tasks/test_meta_faults.py
FAULTS = [
    {"fault": "code", "code": 200},
    {"fault": "code", "code": 190, "subcode": 463, "nth": 2},
    {"fault": "code", "code": 100, "subcode": 33},
    {"fault": "wrong_total"},
    {"fault": "row_missing"},
    {"fault": "nested_omitted"},
    {"fault": "no_expansion"},
    {"fault": "item_error", "code": 200},
    {"fault": "bad_gzip"},
]
GROUPS = {
    "members": ("business_users", "pending_users", "system_users"),
    "assets": tuple(edge for edge in EDGES if edge.startswith(("owned", "client_"))),
    "grants": tuple(ASSIGNED_EDGES),
}


@dataclass(frozen=True)
class Night:
    """A hub after a day of deeds, a workspace that last looked before it, and what a calm check says."""

    box: Sandbox
    before: Path
    true: Check


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    folder = tmp_path_factory.mktemp("before")
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        box = stack.enter_context(
            Sandbox(WorldPlan(seed=7, members=26, pages=14, ad_accounts=8, directory=60))
        )
        box.switches.set({"max_limit": 9})
        calm = stack.enter_context(box_workspace(folder, patch, box))
        before = calm.check()
        kept = tmp_path_factory.mktemp("kept") / "home"
        shutil.copytree(folder / ".hubroster", kept)
        act_by_hand(calm, before)
        yield Night(box, kept, calm.check())


@pytest.mark.parametrize(
    ("fault", "group"),
    some_of([(fault, group) for fault in FAULTS for group in GROUPS], 4),
    ids=lambda one: one if isinstance(one, str) else "-".join(str(value) for value in one.values()),
)
def test_after_a_night_of_faults_all_is_told_as_if_there_had_been_none(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: dict[str, object], group: str
) -> None:
    true = night.true
    shutil.copytree(night.before, tmp_path / ".hubroster")
    with box_workspace(tmp_path, monkeypatch, night.box) as hub:
        hub.admin("faults", [{"edge": edge, "times": None, **fault} for edge in GROUPS[group]])
        struck = hub.check()
        hub.admin("faults", [])
        after = hub.check()

    assert len(true.changes) == 6
    assert set(struck.changes) <= set(true.changes)
    assert set(struck.proposed("remove")) <= set(true.proposed("remove"))
    assert {*struck.proposed("remove"), *struck.held} == {*true.proposed("remove"), *true.held}
    assert struck.complete or struck.asks_for_help
    first_to_tell = struck if struck.complete else after
    assert (first_to_tell.digest, first_to_tell.changes) == (true.digest, true.changes)
    assert after.complete
    assert (after.digest, after.held) == (true.digest, true.held)
