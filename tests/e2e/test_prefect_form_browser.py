"""An Owner who is an operator answers in Prefect's own page, in a real browser."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.deployments.chromium import DESKTOP, Browsing, chromium
from tests.e2e.owners_office import owners_office, wait_until
from tests.e2e.processes import sandbox

pytestmark = pytest.mark.browser

ALL_RECOMMENDED = re.compile(r"All that is recommended:\s+(\w{10})")
SLOW_MS = 90_000  # a run begins as a process of its own


def test_an_owner_answers_in_prefects_form(tmp_path: Path) -> None:
    """The suspended run names nobody; a wrong code asks again and says why; a right one removes at Meta."""
    with sandbox("--port", "0", "--seed", "1", "--members", "40") as world:
        office = owners_office(tmp_path, world)
        stories = world.state()["stories"]
        (plain,) = stories["ex_employee"]["member_ids"]
        (admin,) = stories["ex_employee_full_control"]["member_ids"]
        before = office.users()
        office.check()
        code = office.code(office.owners[0], ALL_RECOMMENDED)

        with office.up(), chromium() as browser:
            browsing = Browsing(browser)
            page = browsing.open(**DESKTOP)
            server = json.loads((tmp_path / ".hubroster" / "up.json").read_text())
            home = server["url"].removesuffix("/api")
            _log_in(page, home, server["login"])
            _open_review(page, home)
            assert "ABCDEFGHJK" not in _told(page)

            _answer(page, "ABCDEFGHJK", "a guess")
            expect(_form(page)).to_contain_text("1 of 1 codes had no effect: this code is not valid here")
            assert office.users() == before
            _names_nobody(page, world.state()["directory"])

            _answer(page, code, "left in March")
            wait_until(lambda: plain not in office.users(), "the removal that one Owner decides")
            assert office.users() == before - {plain}, "the other needs two"
            expect(_form(page)).to_contain_text("Review agency: 1 removal, ")
            assert [url for url in browsing.urls if not url.startswith((home, "blob:", "data:"))] == []

        assert admin in office.users()
        shown = office.run("ledger", "show", "--json")
        (said,) = [row for row in shown.last["entries"] if row["kind"] == "answered"]
        assert said["identified_by"] == "verdict code, Prefect's form"


def _log_in(page: Page, home: str, login: str) -> None:
    """Give the password of `up.json` to Prefect's page."""
    page.goto(f"{home}/login")
    page.locator("input[type=password]").fill(login)
    page.get_by_role("button", name="Login").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def _open_review(page: Page, home: str) -> None:
    """Find the suspended run by its name in Prefect's list."""
    page.goto(f"{home}/runs")
    name = page.get_by_role("link", name=re.compile(r"^Review agency: 2 removals, .*by \d+ \w+$"))
    expect(name).to_be_visible(timeout=SLOW_MS)
    name.click()


def _form(page: Page) -> Locator:
    """Open the form of a run that waits for an answer, anew."""
    page.reload()
    page.get_by_role("button", name="Resume").click(timeout=SLOW_MS)
    return page.locator(".p-modal__card")


def _told(page: Page) -> str:
    return _form(page).inner_text()


def _answer(page: Page, code: str, comment: str) -> None:
    """Fill in the two fields that there are, send them, and wait until the run asks again."""
    form = _form(page)
    fields = form.locator("textarea, input")
    expect(fields).to_have_count(2)
    fields.nth(0).fill(code)
    fields.nth(1).fill(comment)
    form.get_by_role("button", name="Submit").click()


def _names_nobody(page: Page, directory: list[dict[str, str]]) -> None:
    """Whatever operators see here, run and form, has no name or address of anybody."""
    text = page.locator("body").inner_text()
    assert [
        p["person_id"] for p in directory if p["display_name"] in text or p["primary_email"] in text
    ] == []
