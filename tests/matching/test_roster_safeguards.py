"""What holds a removal back, and what a removal would leave behind."""

import pandas as pd
import pytest

from matching.roster.consequences import consequences, last_in_control
from matching.roster.safeguards import nobody_left, too_few_admins, unread_directory, unread_members

PAGE = ("page", "700")


def rights(*rows: tuple[str, str, str, bool]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["member_id", "asset_kind", "asset_id", "controls"])
    return frame.assign(hub="acme", member_kind="user", asset_name="Shop", tasks=[["MANAGE"]] * len(rows))


def controllers(*rows: tuple[str, str], hub: str = "acme", kind: str = "user") -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["asset_id", "member_id"])
    return frame.assign(hub=hub, member_kind=kind, asset_kind="page", has_left=False, is_read=True)


def leavers(*ids: str) -> pd.DataFrame:
    return pd.DataFrame({"hub": "acme", "member_kind": "user", "member_id": list(ids)})


def left_with(
    own: pd.DataFrame, others: pd.DataFrame, going: pd.DataFrame, *, partners: bool = False
) -> list[str]:
    return list(consequences(own, others, going, partners_unseen=partners)["left_with"])


def test_the_only_one_in_control_leaves_nobody() -> None:
    assert left_with(rights(("1", *PAGE, True)), controllers(("700", "1")), leavers("1")) == ["nobody"]


def test_two_leavers_do_not_cover_for_each_other() -> None:
    own = rights(("1", *PAGE, True), ("2", *PAGE, True))

    assert left_with(own, controllers(("700", "1"), ("700", "2")), leavers("1", "2")) == ["nobody", "nobody"]


def test_one_who_stays_is_enough_and_is_counted() -> None:
    own = rights(("1", *PAGE, True))

    assert left_with(own, controllers(("700", "1"), ("700", "3")), leavers("1")) == ["one"]
    assert left_with(own, controllers(("700", "3"), ("700", "4")), leavers("1")) == ["several"]


def test_the_same_id_in_another_hub_is_somebody_else() -> None:
    own = rights(("1", *PAGE, True))

    assert left_with(own, controllers(("700", "1"), hub="other"), leavers("1")) == ["one"]


def test_a_system_user_is_nobody() -> None:
    own = rights(("1", *PAGE, True))

    assert left_with(own, controllers(("700", "9"), kind="system"), leavers("1")) == ["nobody"]


def test_a_partner_that_cannot_be_seen_makes_it_unknown_not_nobody() -> None:
    own = rights(("1", *PAGE, True))

    assert left_with(own, controllers(("700", "1")), leavers("1"), partners=True) == ["unknown"]


def test_who_has_left_the_company_is_nobody_in_another_hub_too() -> None:
    own = rights(("1", *PAGE, True))
    gone = controllers(("700", "8"), hub="other").assign(has_left=True)

    assert left_with(own, gone, leavers("1")) == ["nobody"]


def test_who_could_not_be_read_may_no_longer_be_in_control() -> None:
    own = rights(("1", *PAGE, True))
    unread = controllers(("700", "8")).assign(is_read=False)

    assert left_with(own, unread, leavers("1")) == ["unknown"]
    assert left_with(own, pd.concat([unread, controllers(("700", "9"))]), leavers("1")) == ["one"]


def test_only_control_of_pages_and_ad_accounts_holds_back() -> None:
    own = rights(
        ("1", "product_catalog", "5", True), ("1", "page", "700", False), ("1", "ad_account", "act_1", True)
    )
    found = consequences(own, controllers(), leavers("1"), partners_unseen=False)

    assert last_in_control(found)["asset_id"].tolist() == ["act_1"]


def admins(*active: bool) -> pd.DataFrame:
    ids = [str(n) for n in range(len(active))]
    return pd.DataFrame({"kind": "user", "member_id": ids, "is_active_employee": list(active)})


@pytest.mark.parametrize(
    ("active", "leaving", "held"),
    [
        ([True, True, True], {"0"}, False),
        ([True, True], {"0"}, True),
        ([True, True, False], {"0"}, True),
        ([False, True, True], {"0"}, False),
        ([True, True, True, True], {"0", "1", "2"}, True),
    ],
)
def test_enough_people_with_full_control_must_stay(active: list[bool], leaving: set[str], held: bool) -> None:
    sentence = too_few_admins(admins(*active), {("user", one) for one in leaving}, 2)

    assert (sentence is not None) is held


def test_every_safeguard_says_what_holds_and_what_to_do() -> None:
    assert unread_members(()) is None
    assert unread_directory("file:people.csv", ("file:guests.csv",)) is None
    assert nobody_left([], unknown=False) is None
    assert "business_users" in (unread_members(("business_users",)) or "")
    assert "file:people.csv" in (unread_directory("file:people.csv", ("file:people.csv",)) or "")
    assert nobody_left(["A", "B", "C", "D"], unknown=True) == (
        "Held back: nobody else that we can see controls A, B, C and 1 more. "
        "Give somebody else full control there first."
    )
