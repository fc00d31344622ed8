"""What docs/ledger.md gives people to verify an export with is right."""

import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tasks.ledger.book import open_ledger
from tasks.ledger.export import export, head_of

PAGE = (Path(__file__).parents[1] / "docs" / "ledger.md").read_text(encoding="utf-8")


def exported(home: Path) -> list[str]:
    """Return the lines of an export of three entries."""
    with closing(open_ledger("sqlite", home, lambda: datetime.now(UTC))) as ledger:
        with ledger.writing() as book:
            ana = book.ref("person", "ana@example.com", name="Añá")
            for payload in ({}, {"b": [1, 2.5, None], "a": "ü😀\ud800"}, {"why": book.text("left")}):
                book.append("decided", hub="acme", actor=ana, identified_by="page", payload=payload)
        with ledger.reading() as book:
            return [json.dumps(row) for row in (*export(book), {"head": head_of(book)})]


def changed(lines: list[str]) -> list[str]:
    return [line.replace("2.5", "2.6") for line in lines]


def cut(lines: list[str]) -> list[str]:
    return [*lines[:2], lines[-1]]


@pytest.mark.parametrize("spoil", [None, changed, cut])
def test_the_lines_on_the_page_verify_an_export(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[list[str]], list[str]] | None
) -> None:
    code = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)[0].replace(
        'open("ledger.jsonl", encoding="utf-8")', 'open("ledger.jsonl", encoding="utf-8").readlines()'
    )
    monkeypatch.chdir(tmp_path)
    lines = exported(tmp_path / "home")
    lines = spoil(lines) if spoil else lines
    Path("ledger.jsonl").write_text("\n".join(lines), encoding="utf-8")

    if spoil:
        with pytest.raises(AssertionError):
            exec(code, {})  # noqa: S102  # it is ours
    else:
        exec(code, {})  # noqa: S102  # it is ours
