"""What docs/ledger.md gives auditors to prove a removal with: from the files alone, from no other ones."""

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.cli.main import main
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import INVITED, seat_id

PAGE = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", INVITED) as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin(request.node.name[:60])


@pytest.mark.parametrize("member", [None, EVA])
def test_a_removal_is_proved_by_the_export_and_the_report(
    hub: Approving, capsys: pytest.CaptureFixture[str], member: str | None
) -> None:
    hub.says("Bo Marsh", about="Eva Rust")
    hub.pass_time(minutes=16)
    hub.apply()
    capsys.readouterr()
    assert main(["ledger", "export", *(["--member", member] if member else [])]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    code: dict[str, Any] = {"hashlib": hashlib, "json": json}
    exec(re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1], code)  # noqa: S102  # ours
    reports = hub.settings.home / "reports"

    outcome, by, shown = code["proof"](rows, reports, EVA)
    names = {ref: facts for row in rows[:-1] for ref, facts in row["names"].items()}
    assert (outcome, [names[who]["name"] for who in by]) == ("done", ["Bo Marsh"])
    assert (shown["person"]["display_name"], shown["person"]["status"]) == ("Eva Rust", "deprovisioned")

    for report in reports.glob("*.json"):
        report.write_bytes(report.read_bytes().replace(b"deprovisioned", b"active"))
    with pytest.raises(AssertionError):
        code["proof"](rows, reports, EVA)
