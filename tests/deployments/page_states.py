"""Every state of the page in a browser, one after the other, looked at from all sides."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from tests.deployments.chromium import scrolls_sideways, violations
from tests.deployments.owners_page import OwnersPage

GO_ON, RECORD = "Go on with what I chose", "Yes, record this"


@dataclass
class State:
    """What the page shows at one point of the way, and what is wrong with it there."""

    name: str
    wrong: dict[str, list[str]] = field(default_factory=dict)  # by colour scheme
    sideways: list[str] = field(default_factory=list)
    small: list[str] = field(default_factory=list)  # what a finger could miss


STATES = (
    "mail",
    "link without a review",
    "door",
    "wrong code",
    "questions",
    "nothing chosen",
    "second page",
    "is this right?",
    "recorded",
    "questions, answered",
    "left",
    "session over",
)


def way(page: Page, office: OwnersPage) -> Iterator[str]:
    """Go from the door to the end of a session, and stop at each state."""
    page.set_content(office.mail("Ada Lund")["html"])
    yield "mail"
    page.goto(f"{office.url}/nothing")
    yield "link without a review"
    page.goto(f"{office.url}/r/{office.review}")
    yield "door"
    page.get_by_label("Code").fill("x")
    page.get_by_role("button").click()
    yield "wrong code"
    enter(page, office, "Ada Lund")
    yield "questions"
    page.get_by_role("button", name=GO_ON).click()
    yield "nothing chosen"
    page.get_by_role("link", name="Next page").click()
    yield "second page"
    page.locator("fieldset").first.get_by_text("Let them stay", exact=True).click()
    page.get_by_role("button", name=GO_ON).click()
    yield "is this right?"
    page.get_by_role("button", name=RECORD).click()
    yield "recorded"
    page.get_by_role("link", name="Back").click()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("your answer").first).to_be_visible()
    yield "questions, answered"
    there = page.url
    page.get_by_role("button", name="Leave").click()
    yield "left"
    page.goto(there)
    yield "session over"


SMALL = """() => [...document.querySelectorAll('a, button, input:not([type=hidden]), label')]
  .filter(e => { const box = e.getBoundingClientRect(); return box.height < 24 || box.width < 20; })
  .map(e => e.outerHTML.slice(0, 200))"""


def surveyed(page: Page, name: str) -> State:
    """Look at a state in both colour schemes, and at three widths."""
    state = State(name)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        state.wrong[scheme] = violations(
            page, "page-has-heading-one" if name == "mail" else ""
        )  # its subject
    state.small = page.evaluate(SMALL)
    for width, percent in ((320, 100), (320, 200), (160, 100)):
        if scrolls_sideways(page, width, percent):
            state.sideways.append(f"{width} px, text of {percent} %")
    return state


def enter(page: Page, office: OwnersPage, name: str) -> None:
    """Come by the link of the mail and type its code."""
    page.goto(f"{office.url}/r/{office.review}")
    page.get_by_label("Code").fill(office.code(name))
    page.get_by_role("button", name="Show me what is asked").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("open")
