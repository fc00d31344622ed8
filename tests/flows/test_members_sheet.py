"""`members --csv`: whoever reads it by a program finds the same columns, whatever there is."""

from pathlib import Path

import pytest

from deployments.cli.main import main
from tests.flows.plain_rows import member, person, rows_workspace


def test_a_tab_without_members_has_the_same_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = rows_workspace(tmp_path, monkeypatch)
    hub.people(person(1, "Ana Ruiz"))
    hub.check({"business_users": [member(1, "Ana Ruiz")]})
    capsys.readouterr()

    assert main(["members", "acme", "--csv"]) == 0
    header, row = capsys.readouterr().out.splitlines()
    assert main(["members", "acme", "--csv", "--tab", "exempted"]) == 0
    assert capsys.readouterr().out.splitlines() == [header]
    assert len(row.split(",")) == len(header.split(",")) > 20
