"""The laws of intervals, whatever a hub's members do between checks and however well each check reads."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.warehouse.connect import warehouse
from tests.tasks.check_folder import load, rows

OVERLAPS = """
    select a.member_id from members as a join members as b using (hub, kind, member_id)
    where a.rowid < b.rowid and a.valid_from < coalesce(b.valid_to, 'infinity'::timestamptz)
        and b.valid_from < coalesce(a.valid_to, 'infinity'::timestamptz)
"""
CROWDED = "select member_id from members where valid_to is null group by member_id having count(*) > 1"
BACKWARD = "select member_id from members where valid_to < valid_from"
EMPTY_CHANGE = """
    select a.member_id from members as a join members as b using (hub, kind, member_id, name, role)
    where a.valid_to = b.valid_from
"""

seats = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["ADMIN", "EMPLOYEE"]), max_size=3)
checks = st.lists(st.tuples(seats, st.booleans(), st.integers(0, 4)), min_size=2, max_size=5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=checks)
def test_one_open_row_per_seat_no_overlaps_and_nobody_closed_unread(tmp_path_factory, history) -> None:
    folder: Path = tmp_path_factory.mktemp("history")
    with warehouse(folder / "home" / "warehouse.duckdb") as con:
        expected: dict[str, str] = {}
        for number, (seen, complete, day) in enumerate(history):
            users = [{"id": seat, "name": seat, "role": role} for seat, role in seen.items()]
            load(con, folder, {"business_users": users}, day=day, check_id=f"c{number}",
                 incomplete={} if complete else {"business_users": ()})  # fmt: skip
            expected = dict(seen) if complete else {**expected, **seen}
            assert dict(rows(con, "select member_id, role from members where valid_to is null")) == expected
        for law in (OVERLAPS, CROWDED, BACKWARD, EMPTY_CHANGE):
            assert rows(con, law) == []
