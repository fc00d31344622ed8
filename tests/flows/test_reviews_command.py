"""`hubroster reviews` of many hubs: a line each, one look at the directory, each hub's own trouble."""

import json
from collections.abc import Iterator

import pytest

from deployments.cli.main import main
from flows.opening import ledger
from tests.reliability.approval_scene import LABEL, Approving, Dawn, dawn_of
from tests.reliability.approval_world import INVITED


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", INVITED) as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


def test_of_many_hubs_there_is_a_line_each_and_of_one_its_questions(
    hub: Approving, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deployments.cli.reviews.AT_LENGTH", 0)
    hub.says("Bo Marsh", about=INVITED)
    capsys.readouterr()

    assert main(["reviews"]) == 0
    out = capsys.readouterr().out.splitlines()

    assert main(["reviews", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["reviews"]
    waiting, many = row["to_answer"], len(row["questions"])
    assert waiting == many - 1 == sum(one["state"] == "open" for one in row["questions"])
    assert out[0] == f"1 open review of 1 hubs, {waiting} questions to answer"
    assert [line.split()[:5] for line in out[2:]] == [[LABEL, row["review"], str(waiting), "of", str(many)]]
    assert "Bo Marsh" in out[2]
    assert "Eva Rust" not in str(out)


def test_the_directory_is_asked_once_however_many_hubs_there_are(
    hub: Approving, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        ledger.queries,
        "known_people",
        lambda con, ids, ask=ledger.queries.known_people: asked.append(ids) or ask(con, ids),
    )

    assert main(["reviews", "--json"]) == 0
    assert len(asked) == 1


def test_a_hub_whose_report_is_lost_is_told_and_keeps_no_other_from_being_told(
    hub: Approving, capsys: pytest.CaptureFixture[str]
) -> None:
    for report in (hub.settings.home / "reports").glob("*.json"):
        report.unlink()
    capsys.readouterr()

    assert main(["reviews"]) == 1
    said = capsys.readouterr()
    assert "open until" in said.out
    assert "was altered or deleted" in said.err
    assert main(["reviews", "--json"]) == 1
    (row,) = json.loads(capsys.readouterr().out)["reviews"]
    assert row["questions"] == []
    assert "was altered or deleted" in row["error"]
