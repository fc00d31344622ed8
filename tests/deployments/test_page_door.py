"""Who guesses codes at the page is held back where he is, and no stranger can shut the door for an Owner."""

from collections.abc import Iterator

import pytest

from deployments.page.door import MOST_A_MINUTE, MOST_NETWORKS, MOST_WRONG, Door, network_of
from deployments.page.guard import POSTS_PER_MINUTE
from flows.review.refusals import MOST
from tests.deployments.owners_page import OwnersPage, Visitor, owners_page

NO_CODE = "ABCDEFGHJK"


class Clock:
    """A clock that stands until it is moved, in seconds."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture(scope="module")
def page() -> Iterator[OwnersPage]:
    with owners_page("Eva Rust") as made:
        yield made
        assert "Traceback" not in made.log.read_text()


def test_strangers_who_guess_are_stopped_and_owners_come_in(page: OwnersPage) -> None:
    """Three networks use up their tries; from there not even a right code is taken, from elsewhere it is."""
    code = page.code("Ada Lund")
    for address in ("198.51.100.7", "2001:db8:1:2::3", "198.51.100.9"):
        stranger = Visitor(page, address)
        assert {stranger.enter(NO_CODE).status_code for _ in range(MOST_WRONG)} == {403}
        shut = stranger.enter(code)
        assert shut.status_code == 429
        assert "Too many wrong codes came from your network" in shut.text
        assert "in 60 minutes" in shut.text

    assert Visitor(page, "2001:db8:1:2:ffff::1").enter(code).status_code == 429, "the same customer's"
    assert Visitor(page, "2001:db8:1:3::3").enter(code).status_code == 303
    assert Visitor(page, "192.0.2.1").enter(code).status_code == 303
    rows = page.hub.rows("answer_refused")
    assert {(row.identified_by, row.payload["review"]) for row in rows} == {("page", page.review)}
    assert len(rows) == MOST, "they fill no ledger"


def test_who_invents_reviews_fills_nothing_and_is_counted_all_the_same(page: OwnersPage) -> None:
    stranger = Visitor(page, "198.51.100.20")
    entries = len(page.ledger()["entries"])
    found = [stranger.enter(NO_CODE, f"nowhere-{number}").status_code for number in range(MOST_WRONG + 2)]
    assert found == [403] * MOST_WRONG + [429] * 2
    after = page.ledger()
    assert len(after["entries"]) <= entries + MOST
    assert after["tries"] == []
    assert "nowhere" not in str(after["entries"])


def test_sixty_forms_a_minute_are_taken_from_one_address(page: OwnersPage) -> None:
    """More is refused before anything is looked at; other addresses don't notice."""
    busy, other = Visitor(page, "198.51.100.30"), Visitor(page, "198.51.100.31")
    found = [busy.answer(form="x").status_code for _ in range(POSTS_PER_MINUTE + 3)]
    assert found == [403] * POSTS_PER_MINUTE + [429] * 3
    assert busy.look().status_code == 403, "looking is not limited"
    assert other.enter(page.code("Bo Marsh")).status_code == 303


def test_what_a_proxy_passes_on_of_a_stranger_is_not_believed(page: OwnersPage) -> None:
    """The last address is the one that the proxy saw itself; what stands before it, the stranger wrote."""
    for number in range(MOST_WRONG):
        stranger = Visitor(page, f"10.9.9.{number}, 198.51.100.40")
        assert stranger.enter(NO_CODE).status_code == 403
    assert Visitor(page, "10.1.1.1, 198.51.100.40").enter(NO_CODE).status_code == 429


def test_a_network_may_try_again_after_an_hour() -> None:
    clock = Clock()
    door = Door(clock)
    assert [door.knock("192.0.2.1") for _ in range(MOST_WRONG)] == [""] * MOST_WRONG
    clock.at += 3599
    assert "in 1 minute," in door.knock("192.0.2.1")
    clock.at += 1
    assert door.knock("192.0.2.1") == ""


def test_right_codes_are_not_counted_and_forgive_no_wrong_ones() -> None:
    """An Owner who guesses another's code can't begin anew with his own."""
    door = Door(Clock())
    for _ in range(40):
        assert door.knock("192.0.2.1") == ""
        door.opened("192.0.2.1")
    for _ in range(MOST_WRONG):
        assert door.knock("192.0.2.1") == ""
    assert door.knock("192.0.2.1")


def test_behind_a_proxy_that_does_not_say_for_whom_nobody_is_shut_out() -> None:
    """All Owners would be one network there, and a stranger with them: what is left is the limit for all."""
    door = Door(Clock())
    assert {door.knock("127.0.0.1") for _ in range(MOST_A_MINUTE)} == {""}
    assert "too many codes are being typed" in door.knock("127.0.0.1")


def test_all_networks_together_have_a_limit_that_those_who_are_shut_out_do_not_use_up() -> None:
    clock = Clock()
    door = Door(clock)
    for _ in range(10 * MOST_A_MINUTE):
        door.knock("192.0.2.1")
    tried = [door.knock(f"10.0.{n // 250}.{n % 250}") for n in range(MOST_A_MINUTE + 5)]
    assert tried.count("") == MOST_A_MINUTE - MOST_WRONG
    assert "too many codes are being typed" in tried[-1]
    clock.at += 60
    assert door.knock("10.9.9.9") == ""


def test_the_door_remembers_a_bounded_number_of_networks() -> None:
    clock = Clock()
    door = Door(clock)
    for number in range(MOST_NETWORKS + 500):
        clock.at += 1
        assert door.knock(f"10.{number // 62500}.{number // 250 % 250}.{number % 250}") == ""
    assert len(door._wrong) == MOST_NETWORKS


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", ""),
        ("127.0.0.1", ""),
        ("::ffff:127.0.0.1", ""),
        ("", ""),
        ("unknown", ""),
        ("x" * 100_000, ""),
    ],
)
def test_one_place_is_an_address_or_the_network_of_one_customer(address: str, network: str) -> None:
    assert network_of(address) == network
