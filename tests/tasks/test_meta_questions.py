import json
from datetime import UTC, datetime
from pathlib import Path

import httpx

from tasks.meta.activities import read_activities
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_grants, read_members
from tasks.meta.extraction import Extraction
from tests.tasks.scripted_hub import (
    ADA_AND_BO,
    PAGES,
    Hub,
    grant,
    granted,
    lines,
    read_one,
    read_whole,
    unexpanded,
)
from tests.tasks.scripted_meta import BUSINESS, Script, batch_of, ok, page, query, refused


def test_a_member_whose_edge_is_refused_is_a_gap_and_the_others_are_read(tmp_path: Path) -> None:
    hub = unexpanded(ADA_AND_BO)
    gone = {
        "error": {"code": 100, "error_subcode": 33, "message": "Object does not exist", "fbtrace_id": "Ax"}
    }
    hub.item = lambda member, _: gone if member == "101" else page(*ADA_AND_BO[member])

    _, edge, _ = read_one(hub, tmp_path)

    [gap] = edge.gaps
    assert (gap.member_kind, gap.member_id) == ("user", "101")
    assert "Object does not exist" in gap.reason
    assert "Ax" in gap.reason
    assert "1 of 3 members" in str(edge.reason)
    assert (edge.complete, edge.total) == (False, None)
    assert read_whole(tmp_path) == ["100", "102"]


def test_a_member_with_many_grants_is_read_to_the_last_page(tmp_path: Path) -> None:
    many = [grant(asset) for asset in range(450)]
    hub = unexpanded({"100": many})

    def item(_: str, asked: dict[str, str]) -> object:
        start, limit = int(asked.get("after", 0)), int(asked["limit"])
        more = start + limit < len(many)
        return page(*many[start : start + limit], after=str(start + limit) if more else None, total=len(many))

    hub.item = item

    _, edge, _ = read_one(hub, tmp_path)

    assert (edge.complete, edge.rows, edge.total, edge.pages) == (True, 450, 450, 3)


def test_a_members_page_that_is_too_much_gets_smaller_and_goes_on_from_the_cursor(tmp_path: Path) -> None:
    reduce = {"error": {"code": 1, "message": "Please reduce the amount of data you're asking for"}}
    hub = unexpanded({"100": [grant(1), grant(2)]})
    seen: list[tuple[str | None, str]] = []

    def item(_: str, asked: dict[str, str]) -> object:
        seen.append((asked.get("after"), asked["limit"]))
        if "after" not in asked:
            return page(grant(1), after="c1", total=2)
        return reduce if int(asked["limit"]) > 50 else page(grant(2), total=2)

    hub.item = item

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete
    assert seen == [(None, "200"), ("c1", "200"), ("c1", "100"), ("c1", "50")]


def test_a_members_total_that_differs_is_read_once_more_then_named(tmp_path: Path) -> None:
    hub = unexpanded({"100": [grant(1)], "101": []})
    hub.item = lambda member, _: page(*hub.grants[member], total=5 if member == "100" else 0)

    _, edge, _ = read_one(hub, tmp_path)

    assert hub.asked_directly == ["100", "101", "100"]
    assert [gap.member_id for gap in edge.gaps] == ["100"]
    assert "Meta counts 5, and sent 1 (read twice)" in edge.gaps[0].reason
    assert granted(tmp_path) == {("100", "1")}
    assert read_whole(tmp_path) == ["101"]


def test_a_grant_without_its_tasks_is_no_grant_we_know(tmp_path: Path) -> None:
    hub = unexpanded({"100": [{"id": "1", "name": "Shop"}]})

    _, edge, _ = read_one(hub, tmp_path)

    assert not edge.complete
    assert "tasks" in edge.gaps[0].reason


def test_a_field_that_an_edge_does_not_know_is_given_up_for_all_members(tmp_path: Path) -> None:
    unknown = {"error": {"code": 100, "message": "(#100) Unknown fields: permitted_tasks."}}
    hub = unexpanded(ADA_AND_BO)
    hub.item = lambda member, asked: unknown if "permitted" in asked["fields"] else page(*ADA_AND_BO[member])

    _, edge, script = read_one(hub, tmp_path)

    assert edge.complete
    assert sum(request.method == "POST" for request in script.requests) == 2


def test_when_the_permission_is_missing_for_everybody_only_one_batch_is_spent_on_it(tmp_path: Path) -> None:
    hub = unexpanded({str(member): [] for member in range(600)})
    hub.item = lambda *_: {"error": {"code": 200, "message": "(#200) Requires pages_show_list permission"}}

    _, edge, script = read_one(hub, tmp_path)

    [gap] = edge.gaps
    assert (gap.member_kind, gap.member_id) == ("user", "*")
    assert "pages_show_list" in gap.reason
    assert (
        sum(request.method == "POST" for request in script.requests) <= 2 * 4
    )  # the four that run side by side
    assert not (tmp_path / f"{PAGES}.ndjson.gz").exists()


def test_batches_are_full_and_run_side_by_side_within_the_clients_concurrency(tmp_path: Path) -> None:
    hub = unexpanded({str(member): [] for member in range(120)})

    _, edge, script = read_one(hub, tmp_path)

    assert edge.complete
    assert sorted(len(batch_of(one)) for one in script.requests if one.method == "POST") == [20, 50, 50]


def test_a_batch_that_is_too_much_as_a_whole_is_split(tmp_path: Path) -> None:
    hub = unexpanded({str(member): [] for member in range(40)})
    reduce = refused(1, "Please reduce the amount of data you're asking for", status=500)
    hub.refuse = lambda one: reduce if one.method == "POST" and len(batch_of(one)) > 10 else None

    _, edge, _ = read_one(hub, tmp_path)

    assert edge.complete


def test_where_batches_are_refused_as_such_every_listing_is_asked_by_itself(tmp_path: Path) -> None:
    hub = unexpanded({**ADA_AND_BO, **{str(member): [grant(3)] for member in range(103, 200)}})
    no_batches = refused(3, "(#3) Batch requests are not available")
    asked: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response | None:
        member, edge = request.url.path.split("/")[-2:]
        if request.method == "POST":
            return no_batches
        if edge != PAGES:
            return None
        asked.append(member)
        return ok(page(*hub.grants[member], total=len(hub.grants[member])))

    hub.refuse = refuse

    _, edge, script = read_one(hub, tmp_path)

    assert (edge.complete, edge.rows) == (True, 100)
    assert granted(tmp_path) >= {("100", "1"), ("100", "2"), ("101", "2"), ("199", "3")}
    assert sorted(asked) == sorted(hub.grants)
    assert sum(request.method == "POST" for request in script.requests) <= 4, "those that run side by side"
    assert sum("one by one" in line for line in script.said) == 1


def test_where_batches_and_their_items_are_refused_nobody_counts_as_read(tmp_path: Path) -> None:
    hub = unexpanded(ADA_AND_BO)

    def refuse(request: httpx.Request) -> httpx.Response | None:
        is_direct = request.url.path.endswith(PAGES)
        return refused(10, "(#10) Not for you") if request.method == "POST" or is_direct else None

    hub.refuse = refuse

    _, edge, _ = read_one(hub, tmp_path)

    assert not edge.complete
    assert edge.gaps
    assert all("Not for you" in gap.reason for gap in edge.gaps)
    assert not (tmp_path / f"{PAGES}.read.ndjson.gz").exists()


def test_an_edge_that_spoils_every_batch_it_is_in_spoils_no_other(tmp_path: Path) -> None:
    hub = unexpanded(ADA_AND_BO)
    spoilt = httpx.Response(502, html="<h1>Bad gateway</h1>")
    hub.refuse = lambda one: spoilt if one.method == "POST" and "catalogs" in one.content.decode() else None
    script, job = Script(hub), Extraction(tmp_path, BUSINESS)

    async def both(client: MetaClient) -> list[EdgeRead]:
        members = [await read_members(client, job, "business_users")]
        return await read_grants(client, job, members)

    edges = script.run(both)

    assert [edge.edge for edge in edges if not edge.complete] == ["assigned_product_catalogs"]
    assert granted(tmp_path) == {("100", "1"), ("100", "2"), ("101", "2")}


def test_a_token_that_dies_halfway_leaves_gaps_not_short_lists(tmp_path: Path) -> None:
    hub = unexpanded({str(member): [grant(1)] for member in range(300)})
    expired = refused(190, "Session has expired", error_subcode=463)
    batches: list[int] = []

    def refuse(request: httpx.Request) -> httpx.Response | None:
        batches.extend([1] if request.method == "POST" else [])
        return expired if len(batches) > 2 else None

    hub.refuse = refuse

    _, edge, script = read_one(hub, tmp_path)

    assert not edge.complete
    assert len(read_whole(tmp_path)) == 100
    assert len(edge.gaps) == 200
    assert "Session has expired" in str(edge.reason)
    assert len(script.requests) <= 2 + 2 + 4


def test_what_nobody_may_do_was_not_read_since_a_hub_has_somebody(tmp_path: Path) -> None:
    _, edge, _ = read_one(Hub({}), tmp_path)

    assert not edge.complete
    assert "listed nobody" in str(edge.reason)


def test_an_edge_left_out_is_neither_expanded_nor_asked_for(tmp_path: Path) -> None:
    job = Extraction(tmp_path, BUSINESS, skip=frozenset({"assigned_product_catalogs"}))
    script = Script(Hub(ADA_AND_BO))

    async def both(client: MetaClient) -> EdgeRead:
        members = [await read_members(client, job, "business_users")]
        return (await read_grants(client, job, members, ["assigned_product_catalogs"]))[0]

    edge = script.run(both)

    assert (edge.complete, edge.required, edge.reason) == (False, False, "skipped by configuration")
    assert "assigned_product_catalogs" not in script.requests[0].url.params["fields"]
    assert len(script.requests) == 1


def test_nothing_of_a_sweep_is_left_in_the_folder(tmp_path: Path) -> None:
    script, job = Script(Hub(ADA_AND_BO)), Extraction(tmp_path, BUSINESS)
    edges = (PAGES, "assigned_ad_accounts", "assigned_product_catalogs", "assigned_business_asset_groups")

    async def everything(client: MetaClient) -> None:
        members = [await read_members(client, job, name) for name in ("business_users", "system_users")]
        await read_grants(client, job, members)

    script.run(everything)

    assert {file.name for file in tmp_path.iterdir()} == {
        "business_users.ndjson.gz",
        "system_users.ndjson.gz",
        *(f"{edge}.ndjson.gz" for edge in edges),
        *(f"{edge}.read.ndjson.gz" for edge in edges),
    }


def test_activities_tell_who_was_added_to_and_taken_from_an_ad_account(tmp_path: Path) -> None:
    added = {
        "event_type": "ad_account_add_user_to_role",
        "event_time": "2026-11-24T10:00:00+0000",
        "actor_id": "1",
    }
    other = {"event_type": "update_campaign_budget", "event_time": "2026-11-24T10:00:00+0000"}
    bodies = {"act_1": page(added, other, added), "act_2": {"error": {"code": 200, "message": "No."}}}

    def answer(request: httpx.Request) -> httpx.Response:
        assert query(batch_of(request)[0])["since"] == "2026-11-01T00:00:00+0000"
        items = [{"code": 200, "body": json.dumps(bodies[url.split("/")[0]])} for url in batch_of(request)]
        return httpx.Response(200, json=items)

    edge = Script(answer).run(
        lambda client: read_activities(
            client, Extraction(tmp_path, BUSINESS), ["act_1", "act_2"], datetime(2026, 11, 1, tzinfo=UTC)
        )
    )

    assert (edge.complete, edge.required, edge.rows) == (False, False, 1)
    assert [gap.member_id for gap in edge.gaps] == ["act_2"]
    assert lines(tmp_path / "activities.ndjson.gz") == [{"ad_account": "act_1", **added}]
