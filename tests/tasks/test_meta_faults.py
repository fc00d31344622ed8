"""Every fault on every edge: right, or one clear line; and nothing is taken for read that was not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tasks.meta.completeness import is_complete
from tasks.meta.wire import ASSIGNED_EDGES, EDGES
from tests.tasks.sandbox_run import assert_nothing_false, extract


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(seed=7, members=26, pages=30, ad_accounts=10, directory=40)) as box:
        yield box


@pytest.fixture
def box(sandbox: Sandbox) -> Iterator[Sandbox]:
    sandbox.switches.set({"max_limit": 12})  # so that a small hub has second pages
    yield sandbox
    sandbox.admin("faults", [])


FAULTS: list[dict[str, object]] = [
    {"fault": "code", "code": 1},
    {"fault": "code", "code": 1, "message": "Please reduce the amount of data you're asking for, then retry"},
    {"fault": "code", "code": 2},
    {"fault": "code", "code": 4, "headers": False},
    {"fault": "code", "code": 17, "headers": True},
    {"fault": "code", "code": 80004, "headers": True, "minutes": 20},
    {"fault": "code", "code": 190, "subcode": 463},
    {"fault": "code", "code": 200},
    {"fault": "code", "code": 10},
    {"fault": "code", "code": 100, "subcode": 33},
    {"fault": "code", "code": 368},
    {"fault": "cursor_past_end"},
    {"fault": "empty_page"},
    {"fault": "repeat_cursor"},
    {"fault": "wrong_total"},
    {"fault": "row_twice"},
    {"fault": "row_missing"},
    {"fault": "nested_omitted"},
    {"fault": "nested_cut"},
    {"fault": "no_expansion"},
    {"fault": "null_item"},
    {"fault": "item_error", "code": 200},
    {"fault": "slow", "seconds": 0.001},
    {"fault": "cut_body"},
    {"fault": "wrong_length"},
    {"fault": "html_502"},
    {"fault": "reset"},
    {"fault": "bad_gzip"},
    {"fault": "wrong_date"},
]
PASSING = {"slow", "wrong_date", "html_502", "reset", "cut_body", "bad_gzip", "wrong_length", "null_item"}
PASSING |= {
    "empty_page",
    "row_twice",
    "row_missing",
    "wrong_total",
    "nested_omitted",
    "nested_cut",
    "no_expansion",
}


# one of each way of being asked for: swept, in a batch, by expansion, by expansion or in a batch of its own
ONE_BY_ONE = ("business_users", "owned_ad_accounts", "assigned_pages", "assigned_product_catalogs")


@pytest.mark.parametrize("times", [1, None], ids=["once", "for ever"])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values()))[:40])
def test_no_fault_on_any_edge_makes_anything_look_gone(
    box: Sandbox, fault: dict[str, object], times: int | None, tmp_path: Path
) -> None:
    for edges in (*((edge,) for edge in ONE_BY_ONE), (*EDGES, *ASSIGNED_EDGES)):
        box.admin("faults", [{"edge": edge, "times": times, **fault} for edge in edges])

        run = extract(box, tmp_path / "-".join(edges)[:40])

        assert_nothing_false(box, run)
        if times == 1 and fault["fault"] in PASSING:
            assert is_complete(run.edges.values()), edges


@pytest.mark.parametrize("edge", ["business_users", "owned_pages"])
@pytest.mark.parametrize("code", [200, 190, 368])
def test_a_refusal_on_a_second_page_leaves_the_edge_unread_and_says_why(
    box: Sandbox, edge: str, code: int, tmp_path: Path
) -> None:
    box.admin("faults", [{"edge": edge, "fault": "code", "code": code, "nth": 2, "times": None}])

    run = extract(box, tmp_path)

    assert_nothing_false(box, run)
    assert not run.edges[edge].complete
    assert f"code {code}" in str(run.edges[edge].reason)
    assert "fbtrace_id" in str(run.edges[edge].reason)
    assert run.rows(edge) is None
