"""`hubroster backtest`, as a process of its own."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from deployments.sandbox.labelled import labelled
from tests.e2e.command import hubroster


@pytest.fixture
def files(tmp_path: Path) -> Path:
    made = labelled(seed=5, people=600, members=250)
    pd.DataFrame(made.members).to_csv(tmp_path / "members.csv", index=False)
    people = pd.DataFrame(made.directory)
    people["aliases"] = people["aliases"].map(";".join)
    people.drop(columns="groups", errors="ignore").to_csv(tmp_path / "directory.csv", index=False)
    return tmp_path


def test_it_measures_and_draws(files: Path) -> None:
    asked = ["backtest", "--members", "members.csv", "--directory", "directory.csv", "--out", "curves"]

    done = hubroster(*asked, "--json", cwd=files)

    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["known"] > 50
    assert [step["posterior"] for step in told["by_threshold"]][:2] == [0.5, 0.8]
    for name in ("precision_recall.svg", "calibration.svg"):
        assert ET.fromstring((files / "curves" / name).read_text("utf-8")).tag.endswith("svg")  # noqa: S314
    assert (files / "curves" / "errors.csv").exists()
    assert "precision" in hubroster(*asked, cwd=files).stdout


def test_what_is_missing_is_one_line(files: Path) -> None:
    (files / "decisions.csv").write_text("kind,member_id,person_id\nperhaps,1,2\n")
    both = ["--members", "members.csv", "--directory", "directory.csv"]

    for words, code, said in (
        ([], 2, "name a hub, or both"),
        (["--members", "members.csv"], 2, "name a hub, or both"),
        ([*both, "--decisions", "decisions.csv"], 1, "must be link or reject"),
        ([*both, "--decisions", "members.csv"], 1, "has no column"),
    ):
        done = hubroster("backtest", *words, cwd=files)
        assert done.returncode == code
        assert said in done.stderr
        assert done.stderr.strip().count("\n") == 0
