"""A check says so where what it asks can be answered by nobody, or by too few."""

import logging
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from flows.review.reviewing import ask
from tests.flows.plain_check import box_workspace


@pytest.mark.parametrize(
    ("owners", "told"), [(0, "Nobody can answer"), (1, "needs a second Owner"), (2, "")], ids=["0", "1", "2"]
)
def test_it_is_told_when_nobody_or_too_few_can_answer(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owners: int,
    told: str,
) -> None:
    """No Owner, or one where two are needed: the check says whom to name; with enough it is silent."""
    with (
        Sandbox(WorldPlan(seed=1, members=40, pages=6, ad_accounts=5, directory=60)) as box,
        box_workspace(tmp_path, monkeypatch, box) as place,
    ):
        persons = box.world.stories["owners"]["person_ids"][:owners]
        listed = [p["primary_email"] for p in place.box.admin("state", None, method="GET")["directory"]
                  if p["person_id"] in persons]  # fmt: skip
        named = ", ".join(f'"{address}"' for address in listed)
        text = place.config.read_text()
        place.config.write_text(text.replace("sandbox = true\n", f"sandbox = true\nowners = [{named}]\n"))
        check = place.check()
        with caplog.at_level(logging.INFO, logger="hubroster.progress"):
            ask(check.job.settings, "agency", check.report, check.told["report_id"])

    lines = [line for line in caplog.messages if "answer for" in line or "second Owner" in line]
    assert [told in line for line in lines] == ([True] if told else [])
