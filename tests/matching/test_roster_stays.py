"""Whose history a seat goes on with."""

import pandas as pd

from matching.roster.stays import assign_stays


def seats(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["kind", "member_id", "business_role_request_id"])


def earlier(*rows: tuple[str, str, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["stay_id", "kind", "member_id"])


def stays(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, str]:
    found = assign_stays(now, before)
    return dict(zip(found["kind"] + ":" + found["member_id"], found["stay_id"], strict=True))


def test_a_new_seat_begins_a_stay() -> None:
    assert stays(seats(("user", "100", None)), earlier()) == {"user:100": "user:100"}


def test_a_seat_that_was_seen_before_keeps_its_stay() -> None:
    before = earlier(("pending:900", "user", "100"))

    assert stays(seats(("user", "100", None)), before) == {"user:100": "pending:900"}


def test_an_accepted_invitation_goes_on_as_the_same_stay() -> None:
    before = earlier(("pending:900", "pending", "900"))

    assert stays(seats(("user", "101", "900")), before) == {"user:101": "pending:900"}


def test_an_invitation_seen_only_together_with_its_user_is_one_stay() -> None:
    now = seats(("user", "101", "900"), ("pending", "900", None))

    assert set(stays(now, earlier()).values()) == {"pending:900"}


def test_a_user_whose_invitation_was_never_seen_keeps_one_stay_from_check_to_check() -> None:
    now = seats(("user", "101", "900"))
    first = assign_stays(now, earlier())

    assert assign_stays(now, first)["stay_id"].tolist() == first["stay_id"].tolist()


def test_two_users_who_name_one_invitation_are_two_stays() -> None:
    before = earlier(("pending:900", "user", "102"))

    assert stays(seats(("user", "101", "900"), ("user", "102", "900")), before) == {
        "user:101": "user:101",
        "user:102": "pending:900",
    }


def test_a_system_user_never_joins_a_stay_by_a_number_that_looks_like_an_invitation() -> None:
    before = earlier(("pending:900", "pending", "900"))

    assert stays(seats(("system", "900", "900")), before) == {"system:900": "system:900"}


def test_no_seats_give_no_stays() -> None:
    assert len(assign_stays(seats(), earlier())) == 0
