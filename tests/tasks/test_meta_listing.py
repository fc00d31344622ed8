import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from tasks.errors import ListingBroken
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_business, read_listings
from tasks.meta.extraction import Extraction
from tests.tasks.scripted_meta import BUSINESS, TOKEN, ItemScript, Script, ok, page, refused

REDUCE = refused(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)


def read(script: ItemScript, folder: Path, edge: str = "agencies", **changes: Any) -> EdgeRead:
    job = Extraction(folder, BUSINESS, **changes)
    [found] = script.run(lambda client: read_listings(client, job, [edge]))
    return found


def rows(folder: Path, edge: str = "agencies") -> list[dict[str, Any]]:
    text = gzip.decompress((folder / f"{edge}.ndjson.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


def ids(folder: Path, edge: str = "agencies") -> list[str]:
    return [row["id"] for row in rows(folder, edge)]


def test_a_listing_is_read_to_its_last_page_by_cursor(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", "2", after="c1", total=3)), ok(page("3", total=3)))

    assert read(script, tmp_path) == EdgeRead("agencies", 2, 3, 3, complete=True, required=False, reason=None)
    assert ids(tmp_path) == ["1", "2", "3"]
    assert [asked.get("after") for asked in script.asked] == [None, "c1"]


def test_the_next_url_is_never_followed(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", after="c1")), ok(page("2")))

    read(script, tmp_path)

    assert {request.url.host for request in script.requests} == {"127.0.0.1"}
    assert not [
        request for request in script.requests if TOKEN in str(request.url) + request.content.decode()
    ]


def test_an_empty_page_with_a_next_one_goes_on(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", after="c1")), ok(page(after="c2")), ok(page("2", total=2)))

    assert read(script, tmp_path).complete
    assert ids(tmp_path) == ["1", "2"]


def test_pages_without_end_and_without_a_new_row_are_an_error_not_a_loop(tmp_path: Path) -> None:
    for rows in ((), ("1",)):
        fresh = iter(range(10_000))
        script = ItemScript(lambda _, rows=rows, fresh=fresh: ok(page(*rows, after=f"c{next(fresh)}")))

        edge = read(script, tmp_path)

        assert not edge.complete
        assert "had no new row" in str(edge.reason)
        assert len(script.asked) < 50
        assert list(tmp_path.iterdir()) == []


def test_a_cursor_on_the_last_page_is_not_followed(tmp_path: Path) -> None:
    last = {"data": [{"id": "1"}], "paging": {"cursors": {"before": "a", "after": "b"}}}
    script = ItemScript(ok(last))

    assert read(script, tmp_path).complete
    assert len(script.requests) == 1


def test_a_cursor_seen_twice_is_an_error_not_a_loop(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", after="c1")))

    edge = read(script, tmp_path)

    assert not edge.complete
    assert "same cursor" in str(edge.reason)
    assert list(tmp_path.iterdir()) == []


def test_a_next_page_without_a_cursor_to_it_is_an_error(tmp_path: Path) -> None:
    script = ItemScript(ok({"data": [], "paging": {"next": "https://elsewhere.test"}}))

    assert "no cursor" in str(read(script, tmp_path).reason)


def test_a_row_that_comes_twice_is_one_row(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", "2", after="c1", total=3)), ok(page("2", "3", total=3)))

    assert read(script, tmp_path).rows == 3
    assert ids(tmp_path) == ["1", "2", "3"]


def test_a_row_without_an_id_breaks_the_listing(tmp_path: Path) -> None:
    script = ItemScript(ok({"data": [{"name": "Nobody"}]}))

    assert "without an id" in str(read(script, tmp_path).reason)


def test_a_total_that_differs_is_read_once_more(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", total=2)), ok(page("1", "2", total=2)))

    assert read(script, tmp_path).complete
    assert ids(tmp_path) == ["1", "2"]


def test_a_total_that_stays_different_leaves_the_edge_incomplete_with_both_numbers(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", "2", total=37)))

    edge = read(script, tmp_path)

    assert not edge.complete
    assert "37" in str(edge.reason)
    assert "2" in str(edge.reason)
    assert len(script.requests) == 2
    assert ids(tmp_path) == ["1", "2"]  # rows may open what is new; the edge closes nothing


def test_a_total_that_comes_as_text_counts_as_well(tmp_path: Path) -> None:
    """Meta writes some numbers so; unread, a listing that lacks somebody would pass for whole."""
    script = ItemScript(ok({"data": [{"id": "1"}], "summary": {"total_count": "2"}}))

    edge = read(script, tmp_path)

    assert (edge.complete, edge.total) == (False, 2)


def test_a_second_reading_that_fails_leaves_no_file_of_the_first(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", total=2)), refused(200))

    assert not read(script, tmp_path).complete
    assert list(tmp_path.iterdir()) == []


def test_a_total_that_changes_between_pages_is_read_once_more(tmp_path: Path) -> None:
    script = ItemScript(
        ok(page("1", after="c1", total=2)),
        ok(page("2", "3", total=3)),
        ok(page("1", "2", "3", total=3)),
    )

    assert read(script, tmp_path).complete


@pytest.mark.parametrize("edge", ["owned_pages", "clients"])
def test_a_listing_that_breaks_off_is_no_short_listing(edge: str, tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", after="c1")), refused(190, "Session has expired", error_subcode=463))

    found = read(script, tmp_path, edge)

    assert (found.complete, found.rows) == (False, 0)
    assert "Session has expired" in str(found.reason)
    assert "code 190" in str(found.reason)
    assert "Atrace" in str(found.reason)
    assert list(tmp_path.iterdir()) == []


def test_pages_get_smaller_when_meta_asks_for_it_and_go_on_from_the_same_cursor(tmp_path: Path) -> None:
    script = ItemScript(ok(page("1", after="c1")), REDUCE, REDUCE, ok(page("2")))

    assert read(script, tmp_path).complete
    assert [asked["limit"] for asked in script.asked] == ["200", "200", "100", "50"]
    assert [asked.get("after") for asked in script.asked] == [None, "c1", "c1", "c1"]


def test_too_much_data_at_the_smallest_page_is_an_incomplete_edge(tmp_path: Path) -> None:
    script = ItemScript(REDUCE)

    edge = read(script, tmp_path)

    assert not edge.complete
    assert "reduce the amount" in str(edge.reason)
    assert script.asked[-1]["limit"] == "1"


def test_a_field_that_meta_does_not_know_is_given_up_and_the_edge_stays_complete(tmp_path: Path) -> None:
    unknown = refused(100, "(#100) Tried accessing nonexisting field (created_by) on node type (X)")
    script = ItemScript(unknown, ok(page({"id": "1", "email": "a@x.test"}, total=1)))

    edge = read(script, tmp_path, "pending_users")

    assert (edge.complete, edge.reason) == (True, None)
    assert "created_by" not in script.asked[1]["fields"]
    assert "expiration_time" in script.asked[1]["fields"]
    assert "created_by" in script.said[0]


def test_when_a_permission_is_missing_for_some_field_the_needed_ones_are_read(tmp_path: Path) -> None:
    script = ItemScript(refused(200, "(#200) Requires business_management"), ok(page("1")))

    assert read(script, tmp_path, "owned_pages").complete
    assert script.asked[1]["fields"] == "id,name"


def test_without_the_permission_the_edge_is_incomplete_with_metas_words(tmp_path: Path) -> None:
    script = ItemScript(refused(200, "(#200) Requires business_management"))

    edge = read(script, tmp_path, "owned_pages")

    assert (edge.complete, edge.required) == (False, True)
    assert "(#200) Requires business_management" in str(edge.reason)


def test_an_edge_that_the_configuration_leaves_out_is_not_asked_for(tmp_path: Path) -> None:
    script = ItemScript(ok(page()))

    edge = read(script, tmp_path, "agencies", skip=frozenset({"agencies"}))

    assert (edge.complete, edge.reason) == (False, "skipped by configuration")
    assert script.requests == []


def test_a_required_edge_can_not_be_left_out(tmp_path: Path) -> None:
    assert read(ItemScript(ok(page())), tmp_path, "owned_pages", skip=frozenset({"owned_pages"})).complete


def test_the_business_node_is_read_and_kept(tmp_path: Path) -> None:
    script = Script(
        refused(100, "(#100) Tried accessing nonexisting field (two_factor_type) on node type (Business)"),
        ok({"id": BUSINESS, "name": "Northwind", "access_token": TOKEN}),
    )

    node = script.run(lambda client: read_business(client, Extraction(tmp_path, BUSINESS)))

    assert node == {"id": BUSINESS, "name": "Northwind"}
    assert json.loads((tmp_path / "business.json").read_text()) == node


def test_an_answer_about_another_business_is_refused(tmp_path: Path) -> None:
    script = Script(ok({"id": "501", "name": "Another"}))

    with pytest.raises(ListingBroken, match="another"):
        script.run(lambda client: read_business(client, Extraction(tmp_path, BUSINESS)))


def test_a_full_disk_is_not_taken_for_a_refusal_of_metas(tmp_path: Path) -> None:
    tmp_path.joinpath("file").write_text("in the way")

    with pytest.raises(OSError, match="file"):
        read(ItemScript(ok(page("1"))), tmp_path / "file")


def test_a_broken_page_is_asked_for_again(tmp_path: Path) -> None:
    script = ItemScript(httpx.Response(200, text='{"data": [{"id"'), ok({"data": {"id": "1"}}), ok(page("1")))

    assert read(script, tmp_path).complete
