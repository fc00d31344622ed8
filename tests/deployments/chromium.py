"""Debian's chromium, driven by Playwright; what it asks for and complains about is kept."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

ABSENT = "no chromium here: apt-get install chromium"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
WAIT_MS = 20_000
NO_COMPLAINTS = (
    "Failed to load resource: the server responded with a status of 4",  # a refusal, which is meant
    "Autofocus processing was blocked",  # as something has the focus already
)
# Everything that axe calls a violation or a best practice; contrast included
RULES = {"resultTypes": ["violations"]}


@dataclass
class Browsing:
    """A browser and what its pages did: URLs asked for, and complaints (of scripts, of the policy)."""

    browser: Browser
    urls: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, **options: Any) -> Page:
        """Return a page of a browser that knows nothing yet."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        context.on("request", lambda request: self.urls.append(request.url))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        page = context.new_page()
        page.on("console", lambda message: self._hear(message.text))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        return page

    def _hear(self, words: str) -> None:
        if not words.startswith(NO_COMPLAINTS):
            self.complaints.append(words)


def needed() -> str:
    """Return where chromium is. Without it: skipped, but a failure in CI."""
    path = shutil.which("chromium")
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start chromium; while it runs, nothing in this thread can use `asyncio.run`: Playwright's loop runs."""
    path = needed()
    # Chromium's own sandbox needs rights that a container hasn't; it opens nothing here but our own pages.
    flags = ["--no-sandbox", "--disable-dev-shm-usage"]
    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def violations(page: Page, but: str = "") -> list[str]:
    """Return what axe-core finds that keeps people out, but for one rule: rule and element."""
    found = [one for one in Axe().run(page, options=RULES).response["violations"] if one["id"] != but]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page, width: int, text_percent: int = 100) -> bool:
    """Say whether the page is wider than a window of so many CSS pixels, with text of this size."""
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 640})
    page.evaluate(f"document.documentElement.style.fontSize = '{text_percent}%'")
    wider: bool = page.evaluate(
        "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
    )
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before:
        page.set_viewport_size(before)
    return wider
