"""What docs/snapshots.md gives data teams to ask with: it runs on both files, and says what it promises."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from matching.people.sources import one_per_person
from tasks.warehouse import queries
from tasks.warehouse.conclude import conclude_check
from tasks.warehouse.connect import warehouse
from tasks.warehouse.snapshot import Published, publish
from tasks.warehouse.snapshot_columns import relations
from tests.tasks.check_folder import ANA, BEN, DAY, MANAGES, SHOP, directory, load

PAGE = (Path(__file__).parents[2] / "docs" / "snapshots.md").read_text(encoding="utf-8")
PEOPLE = [
    {"person_id": "p1", "display_name": "Ana Ruiz", "department": "Ads", "kind": "employee",
     "status": "active"},
    {"person_id": "p2", "display_name": "Ben Okafor", "kind": "employee", "status": "deprovisioned"},
]  # fmt: skip
SEATS = pd.DataFrame(
    [("user:10", "user", "10"), ("user:11", "user", "11")], columns=["stay_id", "kind", "member_id"]
)
CANDIDATES = pd.DataFrame(columns=["stay_id", "rank", "person_id", "posterior", "score", "evidence"])
# Ben is a colleague on the first day, has left on the second, and his seat is gone on the fourth
DAYS = {0: "onboarded", 1: "deprovisioned", 3: None}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    home = tmp_path_factory.mktemp("home")
    (home / "raw").mkdir()
    with warehouse(home / "warehouse.duckdb") as con:
        for day, tab in DAYS.items():
            world = {"business_users": [ANA, BEN] if tab else [ANA], "owned_pages": [SHOP],
                     "assigned_pages": [MANAGES]}  # fmt: skip
            load(con, home / "raw", world, check_id=f"c{day}", day=day, directory=[directory(*PEOPLE)])
            links = pd.DataFrame(
                [("user:10", "matched", "p1", "onboarded"), ("user:11", "matched", "p2", tab)],
                columns=["stay_id", "outcome", "person_id", "tab"],
            )
            seats = len(world["business_users"])
            conclude_check(con, hub="acme", check_id=f"c{day}", started_at=DAY, finished_at=DAY,
                           complete=True, baseline=day == 0, report_id="r", digest="d", stays=SEATS[:seats],
                           links=links[:seats], candidates=CANDIDATES)  # fmt: skip
        people = queries.people(con)
        everybody = one_per_person(people, dict.fromkeys(people["source"], 0)).by_every_id()
        return publish(con, home / "snapshots", "Acme", DAY + timedelta(days=9), b"salt", everybody)


def answers(file: Path, heading: str, day: str = "2099-12-31") -> list[tuple[Any, ...]]:
    found = re.search(rf"^## {re.escape(heading)}\n.*?^```sql\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert found is not None
    with duckdb.connect(file, read_only=True) as con:
        return con.execute(found[1].replace("2099-12-31", day)).fetchall()


def test_every_relation_is_on_the_page() -> None:
    assert {relation.name for relation in relations()} - set(re.findall(r"`(\w+)`", PAGE)) == set()


def test_who_had_full_control_and_could_do_what_on_a_day(published: Published) -> None:
    asset, control = "Who could do what with an asset on a day?", "Who had Full control on a day?"

    assert answers(published.full, control) == [("acme", "10", "onboarded", "p1")]
    assert answers(published.full, control, "2026-11-01") == []
    assert answers(published.full, asset) == [
        ("acme", "user", "10", "onboarded", "p1", ["ANALYZE", "MANAGE"])
    ]
    assert answers(published.full, asset, "2026-11-01") == []


def test_who_came_and_went_and_how_long_it_took(published: Published) -> None:
    first, left, gone = ((DAY + timedelta(days=day)).replace(tzinfo=None) for day in DAYS)

    for file in (published.full, published.masked):
        assert answers(file, "Who came, and who went?") == [
            ("acme", "user", "11", first, gone, "deprovisioned"),
            ("acme", "user", "10", first, None, "onboarded"),
        ]
        assert answers(file, "How long did leavers keep their seat?") == [("acme", "11", left, gone, 48)]


def test_seats_and_people_join_in_both_files(published: Published) -> None:
    for file in (published.full, published.masked):
        assert answers(file, "How many seats does each department hold?") == [("Ads", 1, 1, 1)]
