"""check-all-hubs: every hub has its turn, a broken one harms no other, the end names who needs somebody."""

import asyncio
import json
import logging
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.several import SeveralBusinesses
from flows.checking.shares import check_hubs
from tasks.errors import HubrosterError
from tests.bench.many_worlds import write_workspace

HUBS = 6
BROKEN, UNREADABLE = "hub002", "hub005"


@dataclass(frozen=True)
class Ran:
    """A run over six hubs: each hub's answer, the lines, the error at the end, and the workspace."""

    answers: dict[str, dict[str, Any]]
    lines: list[str]
    error: str
    folder: Path


class _Heard(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if hasattr(record, "hub"):
            self.records.append(record)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, prefect_api: None) -> Ran:
    """Check six hubs once: the token of one is refused, that of another is not to be found."""
    from flows.check_all import check_all_hubs

    folder = tmp_path_factory.mktemp("many")
    plans = [
        WorldPlan(seed=n, story_seed=n, members=12, pages=3, ad_accounts=2, directory=40)
        for n in range(1, HUBS + 1)
    ]
    heard, log = _Heard(), logging.getLogger("hubroster.progress")
    log.setLevel(logging.INFO)
    log.addHandler(heard)
    with pytest.MonkeyPatch.context() as patch, SeveralBusinesses(plans) as several:
        write_workspace(folder, several, 0)
        (folder / "token002").write_text("EAAnobodys")
        (folder / "token005").unlink()
        patch.setenv("HUBROSTER_CONFIG", str(folder / "hubroster.toml"))
        patch.delenv("HUBROSTER_HOME", raising=False)
        with pytest.raises(HubrosterError) as failed:
            asyncio.run(check_all_hubs(at_once=2))
    log.removeHandler(heard)
    answers = {record.__dict__["hub"]["hub"]: record.__dict__["hub"] for record in heard.records}
    return Ran(answers, [record.getMessage() for record in heard.records], str(failed.value), folder)


def test_every_hub_has_its_turn_and_the_good_ones_are_complete(ran: Ran) -> None:
    complete = {label for label, one in ran.answers.items() if one.get("result", {}).get("complete")}

    assert len(ran.answers) == HUBS
    assert complete == set(ran.answers) - {BROKEN, UNREADABLE}


def test_a_broken_hub_says_what_is_wrong_with_it(ran: Ran) -> None:
    assert ran.answers[BROKEN]["result"]["complete"] is False
    assert "token005" in ran.answers[UNREADABLE]["error"]


def test_the_end_names_the_hubs_that_need_an_operator(ran: Ran) -> None:
    needing = {
        label for label, one in ran.answers.items() if "error" in one or one["result"]["held_back"]
    } | {BROKEN}

    assert f"{len(needing)} of {HUBS} hubs need an operator: {', '.join(sorted(needing))};" in ran.error


def test_among_hundreds_that_need_somebody_those_whose_state_nobody_knows_are_named(ran: Ran) -> None:
    from flows.check_all import ending

    held = {"complete": True, "directory": [], "held_back": 1}
    many = [{"hub": f"hub{n:03}", "result": held} for n in range(400)]
    many[300] = {"hub": "hub300", "error": "its process ended"}
    many[350] = {"hub": "hub350", "result": held | {"complete": False}}

    told = ending(many)
    assert told.startswith("400 of 400 hubs need an operator: hub000, hub001, ")
    assert "hub019 and 380 more; not checked to the end: hub300, hub350; see" in told
    assert f"not checked to the end: {', '.join(sorted([BROKEN, UNREADABLE]))};" in ran.error


def test_a_hub_where_nobody_can_answer_is_not_told_as_if_all_were_well(ran: Ran) -> None:
    """Six hubs without Owners: the check of each went well, and what it asks nobody can answer."""
    lines = [line for line in ran.lines if BROKEN not in line and UNREADABLE not in line]

    assert len(lines) == HUBS - 2
    assert [line for line in lines if "Nobody can answer for" not in line] == []


def test_a_line_says_who_left_and_whom_nobody_knows() -> None:
    from flows.check_all import sentence

    tabs = {"deprovisioned": 3, "unmatched": 15}
    result: dict[str, Any] = {"members": 46, "complete": True, "directory": [], "held_back": 1, "tabs": tabs}
    result["proposals"] = {"remove": 2, "resolve": 15}

    assert sentence({"hub": "acme", "result": result, "notes": ["acme needs a second Owner"]}) == (
        "acme: 46 members, 3 left and still hold a seat (1 can't be removed yet), 15 matched to nobody. "
        "acme needs a second Owner"
    )
    invited = result | {"held_back": 0, "tabs": {"pending": 1}, "proposals": {"remove": 1}}
    assert sentence({"hub": "acme", "result": invited}) == "acme: 46 members, 1 left and still holds a seat"


def test_each_line_counts(ran: Ran) -> None:
    assert [line.partition(":")[0] for line in ran.lines] == [f"{n} of {HUBS}" for n in range(1, HUBS + 1)]


def test_one_snapshot_is_made_of_all(ran: Ran) -> None:
    assert len(list((ran.folder / "snapshots").glob("*-full.duckdb"))) == 1
    assert json.loads((ran.folder / "snapshots" / "latest.json").read_text())["full"]


DIES_AT_B = """
import json, os, signal, sys
for line in sys.stdin:
    if line.strip() == "b":
        os.kill(os.getpid(), signal.SIGKILL)
    print(json.dumps({"hub": line.strip(), "result": {}}), flush=True)
"""


def test_a_process_that_dies_harms_only_the_hub_that_it_had() -> None:
    answers: list[dict[str, Any]] = []
    command = (sys.executable, "-c", DIES_AT_B)
    asyncio.run(check_hubs(["a", "b", "c", "d"], 1, os.environ, answers.append, command))

    assert [one["hub"] for one in answers] == ["a", "b", "c", "d"]
    assert [one["hub"] for one in answers if "error" in one] == ["b"]
    assert "signal 9" in answers[1]["error"]
