from pathlib import Path

import httpx
import pytest

from tasks.meta.completeness import EdgeRead
from tests.tasks.scripted_hub import (
    ADA_AND_BO,
    PAGES,
    Hub,
    grant,
    granted,
    lines,
    read_one,
    read_whole,
)
from tests.tasks.scripted_meta import ok, page, refused


def test_members_and_their_grants_come_in_one_sweep(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)

    members, edge, script = read_one(hub, tmp_path)

    assert edge == EdgeRead(PAGES, 1, 3, 3, complete=True, required=True, reason=None)
    assert members[0].listing == EdgeRead(
        "business_users", 1, 3, 3, complete=True, required=True, reason=None
    )
    assert granted(tmp_path) == {("100", "1"), ("100", "2"), ("101", "2")}
    assert read_whole(tmp_path) == ["100", "101", "102"]
    assert lines(tmp_path / f"{PAGES}.ndjson.gz")[0] == {
        "member_kind": "user",
        "member_id": "100",
        "id": "1",
        "name": "Shop 1",
        "tasks": ["MANAGE"],
    }
    assert hub.asked_directly == []
    assert len(script.requests) == 2


NOT_READ = {
    "absent": None,
    "an error": {"error": {"code": 200, "message": "No."}},
    "a list": [grant(1)],
    "true": True,
    "without data": {},
    "data that is no list": {"data": {"id": "1"}},
    "cut, with a next page": page(grant(1), after="c1", total=2),
    "cut, with a total": page(grant(1), total=2),
    "as many rows as its limit": page(*(grant(asset) for asset in range(50)), total=50),
    "without tasks": page({"id": "1", "name": "Shop"}, total=1),
    "with a row without id": page({"tasks": ["ANALYZE"]}, total=1),
}


@pytest.mark.parametrize("nested", NOT_READ.values(), ids=NOT_READ.keys())
def test_a_nested_edge_that_did_not_come_whole_is_read_again_never_taken_as_it_is(
    nested: object, tmp_path: Path
) -> None:
    hub = Hub(ADA_AND_BO)
    hub.nested = lambda _: nested

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete
    assert sorted(hub.asked_directly) == ["100", "101", "102"]
    assert granted(tmp_path) == {("100", "1"), ("100", "2"), ("101", "2")}
    assert read_whole(tmp_path) == ["100", "101", "102"]


def test_where_expansion_is_refused_batches_do_the_whole_job(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    refusal = refused(100, "(#100) The field assigned_pages can't be expanded")
    hub.refuse = lambda request: refusal if PAGES in request.url.params.get("fields", "") else None

    _, edge, script = read_one(hub, tmp_path)

    assert edge.complete
    assert granted(tmp_path) == {("100", "1"), ("100", "2"), ("101", "2")}
    assert "expansion" in script.said[1]


def test_without_totals_in_an_expansion_it_is_still_used(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    refusal = refused(2500, "Syntax error at character 90")
    hub.refuse = lambda request: refusal if "summary(" in request.url.params.get("fields", "") else None

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete
    assert hub.asked_directly == []


def test_an_assigned_edge_that_meta_does_not_know_costs_the_others_nothing(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    unknown = refused(
        100, "(#100) Tried accessing nonexisting field (assigned_product_catalogs) on node type (X)"
    )
    hub.refuse = lambda request: unknown if "product" in request.url.params.get("fields", "") else None

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete
    assert hub.asked_directly == []


def test_expansion_refused_in_the_middle_goes_on_from_the_cursor_without(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    first = {"id": "100", "name": "Ada", PAGES: hub.nested("100")}

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" or "system" in request.url.path:
            return None
        params = request.url.params
        if "after" not in params:
            return ok(page(first, after="c1", total=3))
        if PAGES in params["fields"]:
            return refused(100, "(#100) can't be expanded")
        return ok(page("101", "102", total=3))

    hub.refuse = refuse

    members, edge, _ = read_one(hub, tmp_path)

    assert members[0].listing.complete
    assert edge.complete
    assert hub.asked_directly == ["101", "102"]
    assert granted(tmp_path) == {("100", "1"), ("100", "2"), ("101", "2")}


def test_too_much_data_shrinks_the_expanded_pages_before_expansion_is_given_up(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    limits: list[str] = []
    reduce = refused(1, "Please reduce the amount of data you're asking for", status=500)

    def refuse(request: httpx.Request) -> httpx.Response | None:
        if request.method == "POST" or "system" in request.url.path:
            return None
        limits.append(request.url.params["limit"])
        return reduce if PAGES in request.url.params["fields"] else None

    hub.refuse = refuse

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete
    assert limits == ["100", "50", "25", "12", "200"]


def test_a_listing_of_members_that_fails_leaves_no_file_and_no_grants(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    hub.refuse = lambda request: refused(200) if "business_users" in request.url.path else None

    members, edge, _ = read_one(hub, tmp_path)

    assert not members[0].listing.complete
    assert not edge.complete
    (gap,) = edge.gaps
    assert (gap.member_kind, gap.member_id) == ("user", "*")
    assert gap.reason.startswith("business_users was not read whole: Meta")
    assert sorted(file.name for file in tmp_path.iterdir() if "swept" not in file.name) == [
        "system_users.ndjson.gz"
    ]


def test_members_whose_total_stays_different_leave_every_assigned_edge_incomplete(tmp_path: Path) -> None:
    hub = Hub(ADA_AND_BO)
    wrong = ok(page(*ADA_AND_BO, total=4))
    hub.refuse = lambda request: wrong if "business_users" in request.url.path else None

    members, edge, _ = read_one(hub, tmp_path)

    assert "counts 4, and sent 3" in str(members[0].listing.reason)
    assert not edge.complete
    assert read_whole(tmp_path) == ["100", "101", "102"]  # what was read is still shown


def test_a_hub_in_which_nobody_is_listed_was_not_read(tmp_path: Path) -> None:
    """No business is without a person who has Full control: an empty list would tell everybody as gone."""
    members, edge, _ = read_one(Hub({}), tmp_path)

    assert members[0].listing.complete is False
    assert members[0].listing.reason == "Meta listed nobody at all, which can't be; check again later"
    assert not edge.complete
    assert not (tmp_path / "business_users.ndjson.gz").exists()
