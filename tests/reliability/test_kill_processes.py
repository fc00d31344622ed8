"""`hubroster check` as it is run every night, with Prefect's server: killed, or two at once."""

import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.e2e.processes import HUBROSTER, Office, Ran, World, office, sandbox, surroundings
from tests.reliability.facts import open_facts
from tests.reliability.killed_check import Running

USUAL_S = 10  # what a check takes as a process of its own
SHARES = [random.Random(5).random() for _ in range(1)]  # noqa: S311, no secret


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with sandbox("--port", "0", "--seed", "1", "--members", "40") as made:
        yield made


def start(here: Office) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [HUBROSTER, "check", "agency", "--json"],
        cwd=here.folder,
        env=surroundings(here.env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def warehouse(here: Office) -> Path:
    return here.folder / ".hubroster" / "warehouse.duckdb"


def test_after_kills_no_server_stays_and_of_two_at_once_one_ends_as_if_nothing_had_happened(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "twin").mkdir()
    (tmp_path / "here").mkdir()
    twin, here = office(tmp_path / "twin", world), office(tmp_path / "here", world, fresh=True)
    undisturbed = Running({**twin.env, "HUBROSTER_CONFIG": str(twin.folder / "hubroster.toml")}).end().told
    for share in SHARES:
        with start(here) as check:
            time.sleep(share * USUAL_S)
            check.kill()
            # It ends only when nobody holds the pipes any more: Prefect's server would, for ever
            check.communicate(timeout=60)

    first, second = start(here), start(here)
    said = {check.pid: check.communicate(timeout=240) for check in (first, second)}
    done = [pid for pid, (out, _) in said.items() if out]

    assert done
    for pid in said.keys() - set(done):
        last = said[pid][1].splitlines()[-1]
        assert last.startswith(f"hubroster: agency is being checked by process {done[0]}, waited 1 s")
        assert "Traceback" not in said[pid][1]
    result = Ran(0, *said[done[0]]).last
    for what in ("complete", "digest", "members", "grants", "assets", "people", "tabs"):
        assert result[what] == undisturbed[what], what
    assert open_facts(warehouse(here)) == open_facts(warehouse(twin))
    with duckdb.connect(str(warehouse(here)), read_only=True) as con:
        assert con.execute("select count(*) from checks where baseline").fetchone() == (1,)


def test_a_disk_without_room_is_told_before_prefect_tries_to_start_on_it(
    world: World, tmp_path: Path
) -> None:
    ran = office(tmp_path, world).check(HUBROSTER_HOME="/proc")  # a disk of no bytes, wherever Linux runs

    assert ran.code == 1
    assert ran.err.splitlines()[-1].startswith("hubroster: the disk of /proc is full (0 MB are free, a check")
    assert "Traceback" not in ran.err
