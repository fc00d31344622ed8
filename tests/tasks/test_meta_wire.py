import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_listings
from tasks.meta.extraction import Extraction
from tests.tasks.scripted_meta import BUSINESS, TOKEN, ItemScript, ok, page, refused

REDUCE = refused(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)


def read(script: ItemScript, folder: Path, edge: str = "agencies", **changes: Any) -> EdgeRead:
    job = Extraction(folder, BUSINESS, **changes)
    [found] = script.run(lambda client: read_listings(client, job, [edge]))
    return found


def rows(folder: Path, edge: str = "agencies") -> list[dict[str, Any]]:
    text = gzip.decompress((folder / f"{edge}.ndjson.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


def ids(folder: Path, edge: str = "agencies") -> list[str]:
    return [row["id"] for row in rows(folder, edge)]


def test_only_allow_listed_fields_are_kept_in_metas_names(tmp_path: Path) -> None:
    sent = {
        "id": "act_1",
        "name": "Shop",
        "account_status": 1,
        "owner_business": {"id": "77", "name": "Northwind", "access_token": TOKEN},
        "permitted_tasks": ["ANALYZE"],
        "access_token": TOKEN,
        "invite_link": "https://fb.me/x",
    }
    script = ItemScript(ok(page(sent)))

    read(script, tmp_path, "client_ad_accounts")

    [row] = rows(tmp_path, "client_ad_accounts")
    assert row == {
        "id": "act_1",
        "name": "Shop",
        "permitted_tasks": ["ANALYZE"],
        "owner_business": "77",
        "owner_business_name": "Northwind",
        "status": "1",
    }


def test_a_field_that_meta_left_out_stays_out(tmp_path: Path) -> None:
    script = ItemScript(
        ok(page({"id": "900", "role": "EMPLOYEE", "created_by": {"id": "100", "name": "Ada"}}))
    )

    read(script, tmp_path, "pending_users")

    assert rows(tmp_path, "pending_users") == [{"id": "900", "role": "EMPLOYEE", "created_by": "100"}]


@pytest.mark.parametrize("name", ["é" * 10_000, "אבג", "👩‍💻", "\u200b", "=cmd|' /C calc'!A0", "line\nend"])
def test_odd_names_come_through_unchanged(name: str, tmp_path: Path) -> None:
    read(ItemScript(ok(page({"id": "1", "name": name}))), tmp_path)

    assert rows(tmp_path) == [{"id": "1", "name": name}]


def test_the_answers_are_readable_by_their_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "raw" / "acme" / "check"

    read(ItemScript(ok(page("1"))), folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "agencies.ndjson.gz").stat().st_mode & 0o777 == 0o600
