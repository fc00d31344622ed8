"""An asset that Meta lists and counts no more, while members still work on it, is not gone."""

from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.plain_check import box_workspace


def test_an_asset_that_only_the_grants_still_know_neither_goes_nor_comes_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Sandbox(WorldPlan(seed=7)) as box, box_workspace(tmp_path, monkeypatch, box) as hub:
        before = hub.check()
        both = ({"fault": "row_missing"}, {"fault": "wrong_total", "by": -1})
        hub.admin("faults", [{"edge": "client_ad_accounts", "times": None, **one} for one in both])
        silent = hub.check()
        hub.admin("faults", [])
        after = hub.check()

        relations = "select count(*) from hub_assets where relation = 'seen'"
        assert hub.rows(relations) != [(0,)]  # it was noticed, and is kept
        assert silent.complete
        for check in (silent, after):
            assert check.changes == []
            assert check.digest == before.digest
