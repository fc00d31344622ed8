"""A long listing of members, read page by page while their grants are asked for beside it."""

from collections.abc import Callable
from pathlib import Path

import httpx

from tests.tasks.scripted_hub import PAGES, Hub, grant, granted, lines, read_one, read_whole
from tests.tasks.scripted_meta import ok, page, refused

MANY = {str(member): [grant(member % 7)] for member in range(10_000, 11_050)}


class LongHub(Hub):
    """A hub of 1,050 members, 100 to a page unless fewer are asked for; a cursor is the place of a row.

    `moved` stand on no expanded page, as if they had moved to one that was read before.
    """

    def __init__(self) -> None:
        super().__init__(MANY)
        self.moved: set[str] = set()
        self.refuse_page: Callable[[httpx.Request], httpx.Response | None] = lambda _: None
        self.plain: list[str] = []
        self.expanded: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST" or not request.url.path.endswith("/business_users"):
            return super().__call__(request)
        params = request.url.params
        after, is_expanded = params.get("after", ""), PAGES in params["fields"]
        (self.expanded if is_expanded else self.plain).append(f"{after}+{params['limit']}")
        if (refusal := self.refuse_page(request)) is not None:
            return refusal
        start, limit = int(after or 0), int(params["limit"])
        there = [one for one in list(MANY)[start : start + limit] if not is_expanded or one not in self.moved]
        rows = [self._member(one, expanded=is_expanded) for one in there]
        more = str(start + limit) if start + limit < len(MANY) else None
        return ok(page(*rows, after=more, total=len(MANY)))


def on_expanded(answer: httpx.Response, which: Callable[[str], bool]) -> Callable[..., httpx.Response | None]:
    """Return what refuses the expanded pages whose cursor and limit these are."""

    def refuse(request: httpx.Request) -> httpx.Response | None:
        params = request.url.params
        is_meant = which(f"{params.get('after', '')}+{params['limit']}")
        return answer if PAGES in params["fields"] and is_meant else None

    return refuse


def everybodys() -> set[tuple[str, str]]:
    return {(member, str(one["id"])) for member, rights in MANY.items() for one in rights}


def test_a_long_listing_goes_ahead_and_its_grants_come_beside_it_from_the_same_cursors(
    tmp_path: Path,
) -> None:
    hub = LongHub()

    members, edge, _ = read_one(hub, tmp_path)

    cursors = [f"{start}+100" for start in range(100, 1_050, 100)]
    assert hub.plain == cursors
    assert sorted(hub.expanded) == sorted(["+100", *cursors])
    assert hub.asked_directly == []
    assert edge.complete
    assert (members[0].listing.rows, members[0].listing.complete) == (1_050, True)
    assert [row["id"] for row in lines(tmp_path / "business_users.ndjson.gz")] == list(MANY)
    assert granted(tmp_path) == everybodys()
    assert read_whole(tmp_path) == sorted(MANY)


def test_who_does_not_come_with_his_page_is_asked_directly(tmp_path: Path) -> None:
    hub = LongHub()
    hub.moved = {"10150", "11049"}

    members, edge, _ = read_one(hub, tmp_path)

    assert members[0].listing.complete
    assert sorted(hub.asked_directly) == ["10150", "11049"]
    assert edge.complete
    assert granted(tmp_path) == everybodys()
    assert read_whole(tmp_path) == sorted(MANY)


def test_too_much_data_halves_the_pages_of_grants_and_leaves_the_listing_as_it_is(tmp_path: Path) -> None:
    hub = LongHub()
    reduce = refused(1, "Please reduce the amount of data you're asking for", status=500)
    hub.refuse_page = on_expanded(reduce, lambda which: which.endswith("+100") and which != "+100")

    _, edge, _ = read_one(hub, tmp_path)

    assert hub.plain == [f"{start}+100" for start in range(100, 1_050, 100)]
    assert hub.asked_directly == []
    assert edge.complete
    assert granted(tmp_path) == everybodys()


def test_expansion_refused_on_the_way_leaves_the_rest_to_batches(tmp_path: Path) -> None:
    hub = LongHub()
    refusal = refused(100, "(#100) The field assigned_pages can't be expanded")
    hub.refuse_page = on_expanded(refusal, lambda which: which != "+100")

    members, edge, script = read_one(hub, tmp_path)

    assert members[0].listing.complete
    assert edge.complete
    assert sorted(hub.asked_directly) == list(MANY)[100:]
    assert granted(tmp_path) == everybodys()
    assert sum("expansion" in line for line in script.said) == 1


def test_a_listing_that_breaks_off_leaves_nothing_of_what_came_beside_it(tmp_path: Path) -> None:
    hub = LongHub()
    broken = refused(200)
    hub.refuse_page = lambda request: (
        broken
        if PAGES not in request.url.params["fields"] and request.url.params.get("after") == "600"
        else None
    )

    members, edge, _ = read_one(hub, tmp_path)

    assert not members[0].listing.complete
    assert [(gap.member_kind, gap.member_id) for gap in edge.gaps] == [("user", "*")]
    assert not [file.name for file in tmp_path.iterdir() if file.name.startswith("business_users")]
    assert not [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")]
