"""`--help`: a list with a line for each command, and all of a command's words where it is asked."""

import re

import pytest

from deployments.cli.main import app, main


def helped(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main([*words, "--help"]) == 0
    return re.sub(r"[\s│]+", " ", capsys.readouterr().out)


def test_a_command_asked_for_help_says_what_its_exit_code_means(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Exits 1 when an operator must act" in helped(capsys, "check")
    assert "Exits 1 when something approved was not done" in helped(capsys, "apply")
    assert "accept" in helped(capsys, "directory")


def test_the_list_has_every_command_with_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    told = helped(capsys)

    assert "check Check a hub for updates: read, match, report, publish a snapshot." in told
    assert "Exits 1" not in told
    assert [name for name in app if not name.startswith("-") and f" {name} " not in told] == []
