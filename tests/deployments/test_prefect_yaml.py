"""`prefect.yaml`, for a Prefect server of one's own, names flows and deployments that there are."""

from pathlib import Path

import pytest
import yaml
from prefect import Flow
from prefect.utilities.importtools import import_object

from deployments.serving import deployments
from flows.settings import load_settings


def test_its_deployments_are_those_that_up_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = yaml.safe_load(Path("deployments/prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    there = {}
    for one in written:
        flow = import_object(one["entrypoint"])
        assert isinstance(flow, Flow)
        there[f"{flow.name}/{one['name']}"] = one["entrypoint"]
    (tmp_path / "hubroster.toml").write_text(
        '[workspace]\nname = "N"\n[[directory]]\npath = "p.csv"\n'
        '[[hubs]]\nlabel = "acme"\nbusiness_id = "1"\napp_id = "2"\ntoken = "env:T"\n'
    )
    monkeypatch.setenv("HUBROSTER_CONFIG", str(tmp_path / "hubroster.toml"))
    served = {f"{one.flow_name}/{one.name}" for one in deployments(load_settings())}
    assert set(there) == served
