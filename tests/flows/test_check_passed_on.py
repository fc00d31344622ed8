"""An id of the directory that goes to somebody else takes no seat with it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from flows.checking.standing import match_members
from matching.roster.decided import PAIRS, Decided
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

ANA, BEN, EVE = (person(n, name) for n, name in enumerate(("Ana Ruiz", "Ben Oz", "Eve Stone"), 1))
ZENO = {**person(3, "Zeno Quist")}  # the id was Eve's
LEFT = {"status": "deprovisioned"}
WORLD: dict[str, Any] = {
    "business_users": [
        member(10 + n, who["display_name"], email=who["primary_email"], role="ADMIN")
        for n, who in enumerate((ANA, BEN, EVE), 1)
    ]
}


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(ANA, BEN, EVE)
    made.check(WORLD)
    return made


def with_word(hub: RowsWorkspace, at: datetime) -> Check:
    """Check, by an Owner's word of that time that the seat is the person's with the id p3."""
    word = pd.DataFrame([("link", "user:13", "p3", None)], columns=PAIRS, dtype="object")
    found = hub.read(WORLD).load()
    found.standing = match_members(found.job, Decided(word, linked_at={("user:13", "p3"): at}))
    return found.draw().conclude()


def test_a_newcomer_with_the_id_of_one_who_left_does_not_hold_his_seat(hub: RowsWorkspace) -> None:
    """Else a leaver would count as an active colleague. It stays a question for as long as nobody answers."""
    hub.people(ANA, BEN, {**EVE, **LEFT})
    hub.check(WORLD)
    hub.people(ANA, BEN, ZENO)
    found, again = hub.check(WORLD), hub.check(WORLD)

    assert (found.proposed("resolve"), again.proposed("resolve")) == (["13"], ["13"])
    assert (found.found("id_passed_on"), found.seat("11")["tab"]) == (["13"], "onboarded")


def test_the_day_on_which_it_went_from_one_to_the_other_need_not_be_seen(hub: RowsWorkspace) -> None:
    hub.people(ANA, BEN, ZENO)

    assert hub.check(WORLD).proposed("resolve") == ["13"]


def test_a_mailbox_that_went_to_a_newcomer_is_not_the_leaver_s_any_more(hub: RowsWorkspace) -> None:
    """A seat belongs to a login at Meta, not to the mailbox that it shows."""
    hub.people(ANA, BEN, {**EVE, **LEFT})
    hub.check(WORLD)
    hub.people(ANA, BEN, {**EVE, "display_name": "Edgar Stone"})
    found, again = hub.check(WORLD), hub.check(WORLD)

    assert (found.proposed("resolve"), again.proposed("resolve")) == (["13"], ["13"])


@pytest.mark.parametrize(
    "now",
    [
        {"display_name": "Eve Miller", "primary_email": "eve.miller@northwind.example"},
        {"display_name": "STONE, Evé", "primary_email": "eve@southwind.example"},
        {"display_name": "李伊芙"},
    ],
    ids=["married", "another spelling in another domain", "another script"],
)
def test_one_who_is_called_otherwise_keeps_the_seat(hub: RowsWorkspace, now: dict[str, str]) -> None:
    hub.people(ANA, BEN, {**EVE, **now})

    assert hub.check(WORLD).seat("13")["person_id"] == "p3"


def test_who_comes_back_under_the_same_name_has_the_seat_again(hub: RowsWorkspace) -> None:
    hub.people(ANA, BEN, {**EVE, **LEFT})
    hub.check(WORLD)
    hub.people(ANA, BEN, {**EVE, "display_name": "Eve Stone-Miller"})

    assert hub.check(WORLD).seat("13")["tab"] == "onboarded"


def test_an_owner_s_word_is_about_whom_the_id_called_when_it_was_given(hub: RowsWorkspace) -> None:
    before = datetime.now(UTC)
    assert with_word(hub, before).seat("13")["person_id"] == "p3"
    hub.people(ANA, BEN, ZENO)
    of_eve = with_word(hub, before)
    of_zeno = with_word(hub, datetime.now(UTC))

    assert (of_eve.proposed("resolve"), of_eve.seat("13")["person_id"]) == (["13"], None)
    assert (of_zeno.proposed("resolve"), of_zeno.seat("13")["person_id"]) == ([], "p3")


def test_a_leaver_s_mailbox_that_a_colleague_reads_makes_no_colleague_of_the_leaver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Companies hand it on as an alias; seen so by the first check, nothing but the name tells."""
    hub = rows_workspace(tmp_path, monkeypatch)
    hub.people({**ANA, "aliases": EVE["primary_email"]}, BEN, {**EVE, **LEFT, "primary_email": ""})
    (found,) = hub.check({"business_users": WORLD["business_users"][2:]}).report["proposals"]

    assert (found["kind"], found["reason"], found["maybe_left"]) == ("resolve", "ambiguous_address", True)


def test_an_alias_speaks_for_its_owner_whatever_the_seat_is_called(hub: RowsWorkspace) -> None:
    hub.people({**ANA, "aliases": "sales@northwind.example;ana@northwind.example"}, BEN)
    seats = [
        member(21, "Sales", email="sales@northwind.example"),
        member(22, "Ben Ruiz", email="ana@northwind.example"),
    ]

    assert hub.check({"business_users": seats[:1]}).seat("21")["person_id"] == "p1"
    assert hub.check({"business_users": seats[1:]}).seat("22")["person_id"] == "p1"


@pytest.mark.parametrize(
    ("address", "owner"),
    [
        ("eve.stone", {"aliases": "eve.stone@northwind.example"}),
        ("estone+ads", {"aliases": "estone@northwind.example"}),
        ("estone", {"user_name": "estone"}),
    ],
    ids=["as an alias", "with a tag", "a user name"],
)
def test_a_mailbox_handed_on_by_one_whom_the_directory_has_no_more_is_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, owner: dict[str, str]
) -> None:
    """Deleted before the hub's first check: nothing but an address in her own name tells of her."""
    hub = rows_workspace(tmp_path, monkeypatch)
    hub.people({**ANA, **owner}, BEN)
    seats = [member(23, "Eve Stone", email=f"{address}@northwind.example")]
    found, again = hub.check({"business_users": seats}), hub.check({"business_users": seats})

    assert (found.proposed("resolve"), again.proposed("resolve")) == (["23"], ["23"])
    (asked,) = again.report["proposals"]
    assert [one["person"]["person_id"] for one in asked["candidates"]] == ["p1"]


def test_one_who_is_called_otherwise_than_her_old_address_keeps_the_seat(hub: RowsWorkspace) -> None:
    hub.people(
        {**ANA, "display_name": "Ana Miller", "aliases": "ana.ruiz@northwind.example", "primary_email": ""},
        {**BEN, "display_name": "本 王", "aliases": "ben.oz@northwind.example", "primary_email": ""},
    )
    found = hub.check({"business_users": WORLD["business_users"][:2]})

    assert [found.seat(one)["person_id"] for one in ("11", "12")] == ["p1", "p2"]


INVITED = {"id": "50", "email": BEN["primary_email"], "role": "EMPLOYEE", "status": "PENDING"}


@pytest.mark.parametrize("shown", [None, "eve@private.example", BEN["primary_email"]])
@pytest.mark.parametrize("known", [True, False], ids=["in the directory", "in no directory"])
def test_an_invitation_that_somebody_else_accepted_makes_no_colleague_of_who_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: str | None, known: bool
) -> None:
    """Whoever has the mail can accept it. The invited one's own address alone decides for a stranger."""
    hub = rows_workspace(tmp_path, monkeypatch)
    hub.people(ANA, BEN, *([{**EVE, **LEFT}] if known else []))
    hub.check({"business_users": [member(11)], "pending_users": [INVITED]})
    accepted = member(13, "Eve Stone", email=shown, business_role_request="50")
    found = hub.check({"business_users": [member(11), accepted]})

    if known or shown != BEN["primary_email"]:
        assert ("13" in found.proposed("resolve"), found.seat("13")["tab"]) == (True, "unmatched")
    else:
        assert found.seat("13")["person_id"] == "p2"


def test_an_invitation_that_was_accepted_under_a_short_name_is_still_the_invited_one_s(
    hub: RowsWorkspace,
) -> None:
    seats = WORLD["business_users"][:1]
    hub.check({"business_users": seats, "pending_users": [INVITED]})
    accepted = member(14, "Benny Oz", email="benny@private.example", business_role_request="50")

    assert hub.check({"business_users": [*seats, accepted]}).seat("14")["person_id"] == "p2"
