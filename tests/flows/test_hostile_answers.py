"""Answers that nobody should have given: none has an effect, each is refused in words and has a row.

Meta's own log is the witness that nothing was done there.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from flows.answers.by_codes import Outcome
from flows.opening.ledger import ledger_of
from flows.owners.login import LoginRefused, log_in, send_code
from flows.review.answering import SeenFrom
from flows.review.refusals import MOST, REFUSED
from tasks.ledger.entry import Entry
from tests.flows.owned_hub import CODE
from tests.reliability.approval_scene import KEEP_ALL, STAY, Approving, Dawn, dawn_of
from tests.reliability.approval_world import address, person_id, seat_id

EVA, ADA = seat_id("Eva Rust"), seat_id("Ada Lund")
NEVER_GIVEN = "ABCDEFGHJK"
SECRET = "EAAB" + "x1Y2" * 10


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    """Eva and Ada, who has Full control, have left."""
    with dawn_of("Eva Rust", "Ada Lund") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Approving:
    return dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60])


def refusals(hub: Approving) -> list[Entry]:
    """Return the rows about answers that had no effect."""
    with ledger_of(hub.settings) as ledger, ledger.reading() as book:
        return book.entries(kinds={REFUSED})


def assert_no_effect(hub: Approving, outcome: Outcome, words: str) -> None:
    """Assert that an answer was refused in these words, came to nothing, and left a row."""
    assert outcome.taken == ()
    assert all(words in reason for reason in outcome.refused), outcome.refused
    row = refusals(hub)[-1]
    assert words in row.payload["reason"]
    hub.pass_time(minutes=16)
    assert hub.apply() == {}
    assert hub.writes() == []
    assert hub.ledger_ok()


def _expired(hub: Approving) -> str:
    code = hub.code_about("Bo Marsh", "Eva Rust")
    hub.pass_time(days=14, minutes=1)
    return code


def _of_changed_facts(hub: Approving) -> str:
    code = hub.code_about("Bo Marsh", "Eva Rust")
    hub.ws.admin(f"members/{EVA}/role", {"role": "ADMIN"})
    hub.check()
    return code


def _of_the_page(hub: Approving) -> str:
    return hub.code("Bo Marsh", "Type this code there")


def _for_login(hub: Approving) -> str:
    send_code(hub.settings, address("Bo Marsh"))
    found = CODE.search(hub.mails("Bo Marsh")[-1]["text"])
    assert found
    return found[1]


HOSTILE: dict[str, tuple[Callable[[Approving], str], str]] = {
    "forged": (lambda _: NEVER_GIVEN, "not valid here"),
    "cut": (lambda hub: hub.code("Bo Marsh", KEEP_ALL)[:9], "not valid here"),
    "a template": (lambda _: '{"__prefect_kind":"jinja","template":"{{codes}}"}', "not valid here"),
    "another purpose: the page's": (_of_the_page, "not valid here"),
    "another purpose: login": (_for_login, "not valid here"),
    "expired": (_expired, "expired"),
    "of changed facts": (_of_changed_facts, "has changed"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_code_that_should_not_count_does_not(hub: Approving, name: str) -> None:
    make, words = HOSTILE[name]
    assert_no_effect(hub, hub.type(make(hub), review="agency-2"), words)


def test_a_code_of_another_review_does_not_answer_this_one(hub: Approving) -> None:
    outcome = hub.type(hub.code_about("Bo Marsh", "Eva Rust"), review="agency-1")
    assert_no_effect(hub, outcome, "not valid here")
    assert hub.says("Bo Marsh", about="Eva Rust").taken, "it was not used up"


def test_an_owner_does_not_log_in_with_the_code_of_another(hub: Approving) -> None:
    code = _for_login(hub)
    with ledger_of(hub.settings) as ledger, ledger.reading() as book:
        olga = book.find("person", person_id("Olga Pind"))
    with pytest.raises(LoginRefused, match="not valid here"):
        log_in(hub.settings, str(olga), code)
    assert refusals(hub)


def test_a_code_is_one_answer_however_often_and_by_how_many_it_is_typed_at_once(hub: Approving) -> None:
    """Resumed twice at once, eight times even: one of them is taken, the others read that it was used."""
    code = hub.code_about("Bo Marsh", "Eva Rust")
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: hub.type(code), range(8)))

    assert sum(len(one.taken) for one in outcomes) == 1
    assert all("used already" in reason for one in outcomes for reason in one.refused)
    assert len(hub.rows("answered")) == len(hub.rows("approved")) == 1
    hub.notify()
    hub.pass_time(minutes=16)
    hub.apply()
    assert hub.deletes() == [(EVA, 200)]
    assert hub.ledger_ok()


def test_five_thousand_codes_are_refused_at_once_and_leave_one_row(hub: Approving) -> None:
    good = hub.code_about("Bo Marsh", "Eva Rust")
    outcome = hub.type(good, *(f"{NEVER_GIVEN[:6]}{n:04d}" for n in range(4999)))

    assert_no_effect(hub, outcome, "5000 codes are too many")
    assert [row.payload["times"] for row in refusals(hub)] == [5000]


def test_whoever_tries_all_day_does_not_fill_the_ledger(hub: Approving) -> None:
    for _ in range(MOST + 5):
        hub.type(NEVER_GIVEN, review="agency-2")
    assert len(refusals(hub)) == MOST
    hub.pass_time(minutes=61)
    hub.type(NEVER_GIVEN, NEVER_GIVEN[::-1], review="agency-2")
    assert len(refusals(hub)) == MOST + 1
    assert refusals(hub)[-1].payload["times"] == 2
    assert hub.says("Bo Marsh", about="Eva Rust").taken, "wrong tries lock nobody out"


def test_a_comment_is_kept_as_one_plain_line_without_secrets(hub: Approving) -> None:
    comment = f"left\x00\x1b[31m\n\u202egnorw\u2066 {SECRET} {{{{7*7}}}} " + "x" * 100_000
    (answered,) = hub.type(hub.code_about("Bo Marsh", "Eva Rust"), comment=comment).taken
    assert answered.approved
    hub.notify()

    words = _words(hub, "comment")
    assert len(words) <= 2000
    assert words.isprintable()
    assert not {"\u202e", "\u2066"} & set(words)
    assert SECRET not in words
    assert words.startswith("left [31m gnorw [secret] {{7*7}}")
    assert SECRET not in str([row.payload for row in hub.rows()])


def test_a_forwarded_mail_counts_as_its_owner_and_everybody_sees_it_in_time(hub: Approving) -> None:
    """Nothing stops it: the receipt, the time to say stop, and a second Owner for what matters most do."""
    stranger = SeenFrom("203.0.113.9", "curl/8.0")
    codes = [hub.code_about("Bo Marsh", name) for name in ("Eva Rust", "Ada Lund")]
    outcome = hub.type(*codes, seen_from=stranger)
    assert [one.waiting for one in outcome.taken] == [(), tuple(outcome.taken[1].taken)]
    hub.notify()

    assert _words(hub, "seen_from") == "203.0.113.9 curl/8.0"
    assert "Bo Marsh" in hub.mails("Olga Pind", "Receipt")[-1]["text"]
    hub.type(hub.code_about("Olga Pind", "Eva Rust", STAY))
    hub.pass_time(minutes=16)
    assert {one.outcome for one in hub.apply().values()} == {"withdrawn"}
    assert hub.deletes() == []


def _words(hub: Approving, what: str) -> str:
    """Return what stands beside the ledger's chain with the last answer."""
    ref = hub.rows("answered")[-1].payload[what]
    with ledger_of(hub.settings) as ledger, ledger.reading() as book:
        return book.named([ref])[ref]["words"]
