"""What README and docs say is there."""

import re
from pathlib import Path

import pytest

from deployments.cli.main import app
from flows.settings import load_settings
from matching.preflight.point import NAMES, PAGE, Point
from tasks.directory.exports import EXPORTS
from tests.settings_table import page

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
)


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def test_every_command_is_in_the_readme_and_every_command_there_exists() -> None:
    there = {name for name in app if not name.startswith("-")}
    told = set(re.findall(r"^\| `hubroster ([a-z-]+)", README, flags=re.MULTILINE))

    assert told == there


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if "://" not in link and not (page.parent / link).exists()]

    assert missing == []


def test_the_configuration_in_the_readme_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HUBROSTER_CONFIG", "HUBROSTER_HOME"):
        monkeypatch.delenv(name, raising=False)
    (text,) = blocks("toml")
    (tmp_path / "hubroster.toml").write_text(text, encoding="utf-8")

    assert load_settings(tmp_path / "hubroster.toml").hub("acme").business_id == "1234567890"


def test_every_target_of_the_makefile_that_the_docs_name_exists() -> None:
    made = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"\bmake ([a-z-]+)\b", page.read_text(encoding="utf-8"))
    }

    assert named & {"install", "dev", "demo", "test", "check", "bench", "bench-quick"} <= made
    assert {"demo", "test", "check", "install"} <= named


def test_ci_runs_what_the_readme_calls_the_tests() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert re.search(r"^make test\b", README, flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_pages_name_no_place_of_one_machine(page: Path) -> None:
    assert not re.search(r"/(work|root|home)/", page.read_text(encoding="utf-8"))


def test_the_settings_page_is_the_one_that_the_class_makes() -> None:
    made_by = "run: .venv/bin/python -m tests.settings_table > docs/settings.md"

    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page(), made_by


def test_every_word_for_a_status_of_an_export_is_on_its_page() -> None:
    """Who reads docs/directory.md must know what becomes of each word."""
    told = " ".join((ROOT / "docs" / "directory.md").read_text(encoding="utf-8").casefold().split())

    for export in EXPORTS:
        assert export.title.casefold() in told
        assert [word for word in export.statuses if word not in told] == []


def test_every_point_of_preflight_has_its_anchor_and_every_anchor_a_point() -> None:
    page = (ROOT / PAGE).read_text(encoding="utf-8")

    assert re.findall(r'<a id="([^"]+)"></a>', page) == sorted(
        NAMES, key=lambda name: page.index(f'<a id="{name}">')
    )
    assert {Point(name, "ok", "").link for name in NAMES} == {f"{PAGE}#{name}" for name in NAMES}


def test_every_source_that_the_page_on_connecting_cites_is_listed() -> None:
    text, _, listed = (ROOT / PAGE).read_text(encoding="utf-8").partition("## Sources")

    assert set(re.findall(r"\[(\d+)\](?!\()", text)) == set(re.findall(r"^(\d+)\. ", listed, re.MULTILINE))
