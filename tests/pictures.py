"""The pictures of docs/approvals.md, from a real run: `python -m tests.pictures` (a minute or two)."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from tests.deployments.chromium import DESKTOP, PHONE, Browsing, chromium
from tests.e2e.owners_office import PAGE_CODE, OwnersOffice, owners_office
from tests.e2e.prefect_page import form_of, log_in, open_review
from tests.e2e.processes import sandbox

DOCS = Path(__file__).parents[1] / "docs"
SHARPER = 1.25  # device pixels for one of CSS


def main() -> None:
    """Check the default sandbox, answer once, and take pictures of mail, page and Prefect's form."""
    with sandbox("--port", "0", "--seed", "1", "--members", "40") as world, TemporaryDirectory() as folder:
        office = owners_office(Path(folder), world)
        office.check()
        with office.up(), chromium() as browser:
            browsing = Browsing(browser)
            mail = browsing.open(viewport={"width": 640, "height": 760})
            mail.set_content(office.mails(office.owners[0])[0]["html"])
            mail.add_style_tag(content="::-webkit-scrollbar { display: none }")
            mail.screenshot(path=DOCS / "approvals-mail.png")
            _prefect(browsing, office)
            _page(browsing.open(**PHONE, device_scale_factor=SHARPER), office)


def _page(page: Page, office: OwnersOffice) -> None:
    """The page as the second Owner sees it, after the first took what is recommended."""
    first, second = office.owners[:2]
    office.answers_on_the_page(first, "agency-1")
    page.goto(f"{office.page_url}/r/agency-1")
    page.get_by_label("Code").fill(office.code(second, PAGE_CODE))
    page.get_by_role("button").click()
    page.get_by_role("heading", name="open").wait_for()
    page.set_viewport_size({"width": PHONE["viewport"]["width"], "height": 1500})  # down to a question
    page.screenshot(path=DOCS / "approvals-page.png")


def _prefect(browsing: Browsing, office: OwnersOffice) -> None:
    server = json.loads((office.folder / ".hubroster" / "up.json").read_text())
    page = browsing.open(**DESKTOP, color_scheme="light")
    home = server["url"].removesuffix("/api")
    log_in(page, home, server["login"])
    open_review(page, home)
    form_of(page).screenshot(path=DOCS / "approvals-form.png")


if __name__ == "__main__":
    main()
