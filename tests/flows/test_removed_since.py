"""Until the next check the warehouse has a seat that was removed: that is told, and no longer than so."""

import json
from collections.abc import Iterator

import pytest

from deployments.cli.main import main
from flows.opening.warehouse import reading_warehouse
from flows.review.removed import removed_since_last_checks
from tests.reliability.approval_scene import LABEL, Approving, Dawn, dawn_of
from tests.reliability.approval_world import INVITED, address, seat_id

INVITATION = "900"
EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", INVITED) as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def removed(hub: Approving, label: str | None = None) -> set[tuple[str, str]]:
    with reading_warehouse(hub.settings) as con:
        return set(removed_since_last_checks(hub.settings, con, label))


def test_who_was_removed_is_told_until_the_next_check_and_nobody_before_it_is_proved(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    assert removed(hub) == set()
    hub.pass_time(minutes=16)
    assert {one.outcome for one in hub.apply().values()} == {"done"}

    assert removed(hub) == removed(hub, LABEL) == {(LABEL, EVA)}
    assert removed(hub, "other") == set()
    hub.pass_time(minutes=1)
    hub.check()
    assert removed(hub) == set()


def test_the_list_of_hubs_counts_who_was_removed_until_the_next_check_and_says_so(
    hub: Approving, capsys: pytest.CaptureFixture[str]
) -> None:
    def told() -> tuple[int, int, bool]:
        capsys.readouterr()
        assert main(["hubs", "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)["hubs"]
        assert main(["hubs"]) == 0
        return row["members"], row["removed_since"], "(1 removed since)" in capsys.readouterr().out

    before, _, _ = told()
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    hub.apply()
    assert told() == (before, 1, True)
    hub.pass_time(minutes=1)
    hub.check()
    assert told() == (before - 1, 0, False)


def test_the_list_of_reviews_says_of_who_was_removed_no_more_that_they_can_still_do_something(
    hub: Approving, capsys: pytest.CaptureFixture[str]
) -> None:
    def told() -> dict[str, str]:
        capsys.readouterr()
        assert main(["reviews", "--json"]) == 0
        (row,) = json.loads(capsys.readouterr().out)["reviews"]
        return {q["member_id"]: f"{q['state']}: {q['sentence']}" for q in row["questions"]}

    before = told()
    assert "They can still" in before[EVA]
    assert "The invitation is still open: whoever reads that mailbox" in before[INVITATION]
    hub.says("Bo Marsh", about="Eva Rust")
    hub.says("Bo Marsh", about=INVITED)
    hub.pass_time(minutes=16)
    hub.apply()

    after = told()
    assert after[EVA] == "done: Eva Rust has left."
    assert after[INVITATION] == f"done: {INVITED} has left, and an invitation to {address(INVITED)} was sent."


def test_a_report_begins_with_who_was_removed_since_and_apply_names_them(
    hub: Approving, capsys: pytest.CaptureFixture[str]
) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    assert main(["apply", LABEL]) == 0
    assert f"Eva Rust ({EVA}): removed" in capsys.readouterr().out

    assert main(["report", LABEL]) == 0
    first, second = capsys.readouterr().out.splitlines()[:2]
    assert first.startswith("Removed since this check: Eva Rust, ")
    assert second.startswith(f"{LABEL}  checked ")


def test_the_mail_about_a_removal_says_how_to_undo_it_and_not_what_they_can_still_do(hub: Approving) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    hub.apply()

    text = " ".join(hub.mails("Olga Pind", "Done")[-1]["text"].split())
    assert "1. Eva Rust has left. Removed." in text
    assert f"`hubroster restore {LABEL} {EVA} --reason WHY`" in text
    assert "make them active in the directory again" in text
    assert "can still" not in text
