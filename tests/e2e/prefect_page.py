"""What an operator does on Prefect's own page: log in, find a review's run, fill in its form."""

import re

from playwright.sync_api import Locator, Page, expect

SLOW_MS = 90_000  # a run begins as a process of its own
BUSY = 503
PATIENCE = 5  # times that a person would press the button


def log_in(page: Page, home: str, login: str) -> None:
    """Give the password of `up.json` to Prefect's page."""
    page.goto(f"{home}/login")
    page.locator("input[type=password]").fill(login)
    page.get_by_role("button", name="Login").click()
    page.wait_for_url(lambda url: not url.endswith("/login"))


def open_review(page: Page, home: str) -> None:
    """Find the suspended run by its name in Prefect's list."""
    page.goto(f"{home}/runs")
    name = page.get_by_role("link", name=re.compile(r"^Review agency: 2 removals, .*by \d+ \w+$"))
    expect(name).to_be_visible(timeout=SLOW_MS)
    name.click()
    page.wait_for_url("**/flow-run/*")


def form_of(page: Page) -> Locator:
    """Open the form of a run that waits for an answer, anew."""
    page.reload()
    page.get_by_role("button", name="Resume").click(timeout=SLOW_MS)
    return page.locator(".p-modal__card")


def answer(page: Page, code: str, comment: str) -> None:
    """Fill in the two fields that there are and send them; the server has taken them when this returns.

    Prefect says 503 where two write to its SQLite at once: it has taken nothing, and is asked again.
    """
    for _ in range(PATIENCE):
        form = form_of(page)
        fields = form.locator("textarea, input")
        expect(fields).to_have_count(2)
        fields.nth(0).fill(code)
        fields.nth(1).fill(comment)
        with page.expect_response(lambda got: got.url.endswith("/resume"), timeout=SLOW_MS) as sent:
            form.get_by_role("button", name="Submit").click()
        if sent.value.status != BUSY:
            break
    assert sent.value.ok, sent.value.text()
