"""What an operator reads on stderr about edges that were not read."""

from flows.checking.reading import unread
from tasks.meta.completeness import EdgeRead
from tasks.meta.extraction import failed


def read(edge: str) -> EdgeRead:
    return EdgeRead(edge, pages=1, rows=3, total=3, complete=True, required=True, reason=None)


def test_each_reason_is_one_line_with_the_edges_it_holds_for() -> None:
    lines = unread([read("owned_pages"), failed("agencies", "no right"), failed("clients", "no right")])

    assert lines == ["Not read: agencies, clients: no right"]


def test_what_only_follows_from_another_edge_has_no_line_of_its_own() -> None:
    lines = unread(
        [
            failed("assigned_pages", "the grants were not all read: business_users: token expired"),
            failed("business_users", "token expired"),
            failed("pending_users", "no right"),
        ]
    )

    assert lines == [
        "Not read: pending_users: no right",
        "Not read: business_users, assigned_pages: token expired",
    ]


def test_a_reason_for_everything_stays_one_short_line() -> None:
    lines = unread(failed(f"edge_{number}", "token expired") for number in range(16))

    assert lines == ["Not read: edge_0 and 15 more: token expired"]


def test_nothing_is_said_of_a_hub_that_was_read() -> None:
    assert unread([read("owned_pages")]) == []
