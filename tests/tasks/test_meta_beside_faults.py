"""Every fault in a listing so long that its grants are asked for beside it: right, or it says what is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.meta.completeness import is_complete
from tasks.meta.sweep import APART_FROM
from tests.tasks.sandbox_run import assert_nothing_false, extract
from tests.tasks.test_meta_faults import FAULTS, PASSING

EDGES_HIT = ("business_users", "assigned_pages")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(seed=7, members=APART_FROM + 50, pages=12, ad_accounts=4, directory=60)) as box:
        yield box


@pytest.fixture
def box(sandbox: Sandbox) -> Iterator[Sandbox]:
    yield sandbox
    sandbox.admin("faults", [])


def test_without_faults_no_member_is_asked_directly(box: Sandbox, tmp_path: Path) -> None:
    before = len(box.log.rows)

    run = extract(box, tmp_path)

    assert_nothing_false(box, run)
    assert is_complete(run.edges.values())
    rows: list[Any] = box.log.rows[before:]
    asked = [row for row in rows if row["edge"] == "business_users"]
    assert len(asked) == 1 + 2 * (run.edges["business_users"].pages - 1)
    assert "assigned_pages" not in {item["edge"] for row in rows for item in row["items"]}


@pytest.mark.parametrize(
    "times", [1, pytest.param(None, marks=pytest.mark.thorough)], ids=["once", "for ever"]
)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values()))[:40])
def test_no_fault_beside_a_long_listing_makes_anything_look_gone(
    box: Sandbox, fault: dict[str, object], times: int | None, tmp_path: Path
) -> None:
    for edge in EDGES_HIT:
        # past the first page: there one listing has become two
        nth = 4 if edge == "business_users" else 450
        box.admin("faults", [{"edge": edge, "times": times, "nth": nth, **fault}])

        run = extract(box, tmp_path / edge)

        assert_nothing_false(box, run)
        if times == 1 and fault["fault"] in PASSING:
            assert is_complete(run.edges.values()), edge
