"""`hubroster explain`: the evidence for a member, in print and as JSON."""

import json
from pathlib import Path

import pytest

from deployments.cli.main import main
from tests.flows.plain_check import Check
from tests.flows.plain_rows import RowsWorkspace, member, person, rows_workspace

WORLD = {
    "business_users": [
        member(1, "Ana Silva", email="ana.silva@northwind.example"),
        member(2, "Bill Hartwell", email="bill@gmail.com"),
        member(3, "[red]Nobody\x1b[31m Known"),
    ],
    "system_users": [member(9, "Feed")],
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RowsWorkspace:
    made = rows_workspace(tmp_path, monkeypatch)
    made.people(person(1, "Ana Silva"), person(2, "William Hartwell"), person(3, "Walter Hartwell"))
    check: Check = made.check(WORLD)
    assert check.complete
    return made


def test_every_candidate_has_its_evidence_and_its_sum(
    workspace: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "2", "--json"]) == 0

    (found,) = json.loads(capsys.readouterr().out)["members"]
    assert (found["hub"], found["member_id"], found["outcome"]) == ("acme", "2", "matched")
    best = found["candidates"][0]
    assert best["display_name"] == "William Hartwell"
    assert {row["field"]: row["comparison"] for row in best["evidence"]}["given_name"] == "nickname"
    assert best["bits"] == pytest.approx(sum(row["bits"] for row in best["evidence"]), abs=0.01)
    assert found["gap"] > 0


def test_the_waterfall_is_printed_and_the_gap_to_the_second(
    workspace: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "hartwell", "--hub", "acme"]) == 0

    out = capsys.readouterr().out
    assert "nickname" in out
    assert "█" in out
    assert "behind the first" in out


def test_a_name_that_nobody_bears_is_one_line_and_exit_1(
    workspace: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "Zaphod"]) == 1

    assert capsys.readouterr().err.count("\n") == 1


def test_a_name_reaches_the_terminal_as_text(
    workspace: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "Nobody"]) == 0

    out = capsys.readouterr().out
    assert "[red]Nobody" in out
    assert "\x1b[31m Known" not in out


def test_a_system_user_is_nobody_in_particular(
    workspace: RowsWorkspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", "9"]) == 0

    assert "nobody in particular" in capsys.readouterr().out
