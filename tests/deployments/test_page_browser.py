"""An Owner's whole way in a real browser: phone and desktop, without scripts, by keyboard, in the dark."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.deployments.chromium import DESKTOP, PHONE, Browsing, chromium, needed
from tests.deployments.crowd import HOSTILE, STRANGERS, crowded_world
from tests.deployments.owners_page import OwnersPage, owners_page
from tests.deployments.page_states import GO_ON, RECORD, STATES, State, enter, surveyed, way

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def office() -> Iterator[OwnersPage]:
    """A hub of 75: three have left, of whom one can't be removed yet; 62 are matched to nobody."""
    needed()
    with owners_page("Eva Rust", "Finn Aske", "Dag Holt", world=crowded_world()) as made:
        yield made
        assert "Traceback" not in made.log.read_text()


@pytest.fixture(scope="module")
def browser(office: OwnersPage) -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def browsing(browser: Browser, office: OwnersPage) -> Iterator[Browsing]:
    """A browser; whatever a test does in it, it asks nobody but us, and no URL tells a name or a code."""
    made = Browsing(browser)
    yield made
    for context in browser.contexts:
        context.close()
    assert made.urls
    assert [url for url in made.urls if not url.startswith(f"{office.url}/")] == []
    personal = re.compile(r"@|%40|rust|aske|quill|lund|session=|[A-HJ-NP-Z2-9]{10}", re.IGNORECASE)
    assert [url for url in made.urls if personal.search(url.removeprefix(office.url))] == []
    assert made.complaints == []


def question(page: Page, words: str) -> Locator:
    return page.get_by_role("group", name=re.compile(re.escape(words)))


def answers(office: OwnersPage, name: str) -> list[dict[str, str]]:
    """Return what is recorded of an Owner's answers: member id → answer, one dictionary for each form."""
    asked = office.hub.asked()
    rows = office.hub.rows("answered")
    known = office.hub.named([row.actor for row in rows])
    mine = [row for row in rows if known[row.actor] == f"p-{name.lower().replace(' ', '-')}"]
    return [{asked[change]: said for change, said in row.payload["answers"].items()} for row in mine]


def test_sixty_questions_can_be_answered(browsing: Browsing, office: OwnersPage) -> None:
    """Fifty on a page, each page by itself, open ones first; all that is recommended at once, in words."""
    page = browsing.open(**PHONE)
    began = time.monotonic()
    enter(page, office, "Olga Pind")
    assert time.monotonic() - began < 30  # two, where nothing else is done
    expect(page.locator("fieldset")).to_have_count(50)
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 2 of 2.")).to_be_visible()
    expect(page.get_by_role("link", name="Next page")).to_have_count(0)

    last = page.get_by_role("group").filter(has=page.get_by_role("radio")).nth(3)
    name = str(last.locator("legend").inner_text())
    last.get_by_text("Remove them").click()
    page.get_by_role("button", name=GO_ON).click()
    expect(page.get_by_role("listitem")).to_have_text([f"{name} Remove them."])
    page.get_by_role("button", name="No, back").click()
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    page.get_by_role("button", name="Choose all that is recommended").click()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    assert answers(office, "Olga Pind") == []


def test_names_that_strangers_gave_themselves_are_words_and_nothing_more(
    browsing: Browsing, office: OwnersPage
) -> None:
    """No markup, no template, no turned or endless text, no line of its own: within the quotes of a name."""
    page = browsing.open(**PHONE)
    enter(page, office, "Olga Pind")
    assert page.locator("img, script, b, iframe, object, svg, [onerror], [style]").count() == 0
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.get_by_text("{{ 7 * 7 }}")).to_be_visible()
    text = page.locator("main").inner_text()
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b\u2028\x00]", text)
    legends = page.locator("legend").all_inner_texts()
    assert max(map(len, legends)) < 400
    assert len([one for one in legends if re.search(r"\bs\d@elsewhere\.example\b", one)]) == len(HOSTILE)
    assert all(
        re.fullmatch(r"It is not certain who “[^“”\n]*” \(\S+\) is\.|[^“”\n]+", one) for one in legends
    )
    assert page.locator("legend").evaluate_all("all => all.every(e => e.offsetWidth <= innerWidth)")


def test_an_owner_answers_on_a_phone_without_scripts(browsing: Browsing, office: OwnersPage) -> None:
    """From mail to receipt: who, why, what they could still do, what would be left; asked once more."""
    page = browsing.open(**PHONE, java_script_enabled=False)
    page.set_content(office.mail("Ada Lund")["html"])
    page.get_by_role("link", name=office.url).click()
    expect(page).to_have_title("Your code")
    page.get_by_label("Code").fill("ABCDE-FGHJK")
    page.get_by_role("button", name="Show me what is asked").tap()
    expect(page.get_by_role("alert")).to_contain_text("This code is not valid here")
    page.get_by_label("Code").fill(office.code("Ada Lund").lower())
    page.get_by_role("button", name="Show me what is asked").tap()

    expect(page.get_by_role("heading", level=1)).to_contain_text(
        f"agency: {STRANGERS + 3} questions are open"
    )
    expect(page.get_by_text("You answer as Ada Lund")).to_be_visible()
    expect(page.get_by_text("Others who can answer: Bo Marsh; Olga Pind")).to_be_visible()
    held = page.get_by_role("region", name="Cannot be removed yet")
    expect(held).to_contain_text("Dag Holt has left. They can still add and remove people")
    expect(held).to_contain_text(
        "nobody else controls Only Dag's. Give somebody else full control there first."
    )
    eva, zed = question(page, "Eva Rust has left."), question(page, "Zed Quill")
    expect(eva).to_contain_text("They can still work on 1 Page.")
    expect(eva).to_contain_text("If removed, nothing is left without somebody in control.")
    expect(zed).to_contain_text("They can spend money on 1 ad account. Nobody in the directory is alike.")
    expect(eva.get_by_role("radio", checked=True)).to_have_count(0)

    eva.get_by_text("Remove them").tap()
    zed.get_by_text("Let them stay, as an exception").tap()
    page.get_by_label("Why").fill("the agency's own tester")
    page.get_by_role("button", name=GO_ON).tap()
    expect(page.get_by_role("heading", name="Is this right?")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(2)
    expect(page.get_by_text("Your words: the agency's own tester")).to_be_visible()
    assert answers(office, "Ada Lund") == [], "nothing is recorded before the last yes"
    page.get_by_role("button", name=RECORD).tap()

    expect(page.get_by_role("heading", name="Recorded")).to_be_visible()
    expect(page.get_by_text("2 answers are recorded. All Owners get a receipt by mail.")).to_be_visible()
    expect(page.get_by_text("1 will be carried out, not before")).to_be_visible()
    assert answers(office, "Ada Lund") == [{"10004": "remove", "10012": "exempt"}]
    page.get_by_role("link", name="Back to the questions").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{STRANGERS + 1} questions are open")
    page.get_by_role("button", name="Leave").tap()
    expect(page.get_by_text("You have left.")).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.get_by_text("Your session is over")).to_be_visible()


def test_an_owner_answers_on_a_desktop_by_keyboard_alone(browsing: Browsing, office: OwnersPage) -> None:
    """Keep one, match another: each thing that has the focus shows it, and nothing needs a pointer."""
    page = browsing.open(**DESKTOP)
    page.goto(f"{office.url}/r/{office.review}")
    assert _focused(page) == "code", "one can type at once"
    page.keyboard.type(office.code("Bo Marsh"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You answer as Bo Marsh")).to_be_visible()

    finn, gro = question(page, "Finn Aske has left."), question(page, "Gro Wang")
    _tab_into(page, finn)
    page.keyboard.press("ArrowDown")
    expect(finn.get_by_label("Let them stay")).to_be_checked()
    _tab_into(page, gro)
    page.keyboard.press("Space")
    expect(gro.get_by_label("They are Gro Vang")).to_be_checked()
    _tab_into(page, page.get_by_role("button", name=GO_ON))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Finn Aske has left.")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="They are Gro Vang")).to_be_visible()
    _tab_into(page, page.get_by_role("button", name=RECORD))
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 answers are recorded.")).to_be_visible()
    (said,) = answers(office, "Bo Marsh")
    assert said == {"10005": "keep", "20010": "match:1"}


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def _tab_into(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there; on its way it is always to be seen."""
    for _ in range(500):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", page.evaluate("document.activeElement.outerHTML")
        if wanted.evaluate("element => element.contains(document.activeElement)"):
            return
    raise AssertionError("Tab never came there")


@pytest.fixture(scope="module")
def survey(browser: Browser, office: OwnersPage) -> dict[str, State]:
    """Go the whole way once, and look at every state from all sides."""
    page = Browsing(browser).open(viewport=PHONE["viewport"])  # one whose width can be changed
    return {name: surveyed(page, name) for name in way(page, office)}


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_page_can_be_used_by_all(survey: dict[str, State], name: str) -> None:
    """axe-core finds nothing, in the light and in the dark; targets are large enough for a finger."""
    assert survey[name].wrong == {"light": [], "dark": []}
    assert survey[name].small == []


def test_nothing_scrolls_sideways_at_320_pixels_and_text_of_200_percent(survey: dict[str, State]) -> None:
    """Nor in a window of 320 pixels that is enlarged twice, which leaves 160."""
    assert list(survey) == list(STATES)
    assert {name: state.sideways for name, state in survey.items() if state.sideways} == {}


def test_a_session_ends_after_thirty_minutes_and_says_so(browsing: Browsing, office: OwnersPage) -> None:
    """What was chosen by then is not recorded, and can be chosen anew."""
    page = browsing.open(**DESKTOP)
    enter(page, office, "Olga Pind")
    before = len(office.hub.rows("answered"))
    question(page, "Quib").first.get_by_text("Remove them").click()
    office.stop()
    office.start(HUBROSTER_CLOCK_S=str(30 * 60 + 1))
    page.get_by_role("button", name=GO_ON).click()
    expect(page.get_by_role("alert")).to_have_text(
        "Your session is over: type the code from your mail again."
    )
    page.get_by_label("Code").fill(office.code("Olga Pind"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You answer as Olga Pind")).to_be_visible()
    assert len(office.hub.rows("answered")) == before
