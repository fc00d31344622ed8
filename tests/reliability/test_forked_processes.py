"""What is forked for a test has its environment, not that of the test which started the forking server."""

import multiprocessing.forkserver
from pathlib import Path

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.reliability.killed_scene import office


def test_a_forked_check_has_its_own_clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    multiprocessing.forkserver._forkserver._stop()
    monkeypatch.setenv("HUBROSTER_CLOCK_S", "960")
    with Sandbox(WorldPlan()) as box:
        assert office(tmp_path / "office", box).check().told["complete"]
