"""Published snapshots in the older DuckDB releases that data teams have, with README's own queries."""

import json
import os
import re
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Demo

README = Path(__file__).parents[2] / "README.md"
OLDER = ("1.4", "1.5")
# Runs on the other release, which has neither pandas nor pytz: what a data team's script may lack.
LOOK = """
import duckdb, json, sys
given = json.load(sys.stdin)
con = duckdb.connect(given["file"], read_only=True)

def said(query):
    found = con.execute(query)
    return {"columns": [column[0] for column in found.description], "rows": len(found.fetchall())}

names = [name for (name,) in con.execute(
    "select table_name from duckdb_tables() where schema_name = 'roster'"
    " union select view_name from duckdb_views() where schema_name = 'roster'").fetchall()]
relations = {name: said(f'select * from roster."{name}"') for name in names}
queries = [said(query) for query in given["queries"]]
con.close()
con = duckdb.connect()
con.execute("attach '" + given["file"].replace("'", "''") + "' as published (read_only)")
attached = {name: said(f'select * from published.roster."{name}"') for name in names}
json.dump({"version": duckdb.__version__, "relations": relations, "attached": attached, "queries": queries},
          sys.stdout)
"""


def readme_queries() -> list[str]:
    """Return what stands in README's ```sql blocks."""
    return re.findall(r"^```sql\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_readme_has_queries_for_data_teams() -> None:
    assert len(readme_queries()) >= 3


@pytest.fixture(scope="session", params=OLDER)
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a throw-away environment with that release of DuckDB and nothing else."""
    home = tmp_path_factory.mktemp(f"duckdb-{request.param}")
    venv.create(home, symlinks=True)  # without pip of its own, which takes longest to install
    python = home / "bin" / "python"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps",
         f"duckdb=={request.param}.*"],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        why = f"duckdb {request.param} can't be installed here: {(done.stderr.splitlines() or ['?'])[-1]}"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    return python


@pytest.fixture(scope="session", params=["full", "masked"])
def seen(request: pytest.FixtureRequest, release: Path, demo: Demo) -> dict[str, Any]:
    """What that release sees in one of the demo's two snapshots."""
    check = demo.ran.last["check"]
    file = check["snapshot" if request.param == "full" else "snapshot_masked"]
    done = subprocess.run(
        [release, "-Ic", LOOK],
        input=json.dumps({"file": file, "queries": readme_queries()}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_every_table_and_view_can_be_read(seen: dict[str, Any]) -> None:
    assert seen["version"].startswith(OLDER)
    relations = seen["relations"]

    assert {"members", "assets", "grants", "people", "links", "checks", "edges", "access"} <= set(relations)
    assert {"members_now", "grants_now", "unmatched_members", "who_controls"} <= set(relations)
    assert [name for name, said in relations.items() if not said["columns"]] == []
    assert relations["members"]["rows"] == 46
    assert relations["grants_now"]["rows"] > 300


def test_attached_to_another_database_it_says_the_same(seen: dict[str, Any]) -> None:
    assert seen["attached"] == seen["relations"]


def test_readme_queries_answer(seen: dict[str, Any]) -> None:
    answers = seen["queries"]

    assert len(answers) == len(readme_queries())
    for answer in answers:
        assert answer["columns"]
        assert answer["rows"] > 0
