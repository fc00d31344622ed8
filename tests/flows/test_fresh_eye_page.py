"""Who sees the page, and that browsers can answer on it."""

from deployments.page.guard import HEADERS
from flows.answers.page import NOT_AN_OWNER, Answering, Entered, Refused
from flows.opening.ledger import ledger_of
from flows.review.answering import SeenFrom
from matching.review.owners import DROPPED
from matching.review.standing import open_review
from tests.flows.owned_hub import OwnedHub


def _page_code(hub: OwnedHub, place: int) -> str:
    address = hub.owners[place]["primary_email"]
    texts = [m["text"] for m in hub.mails() if m["to"][0] == address and "/r/agency-" in (m["text"] or "")]
    lines = texts[-1].splitlines()
    at = next(n for n, line in enumerate(lines) if "/r/agency-" in line)
    words = " ".join(lines[max(0, at - 6) : at + 7]).split()
    return next(w for w in words if len(w) == 10 and w.isupper() and w.isalnum())


def test_a_dropped_owner_sees_nothing_with_an_open_session_or_code(owned: OwnedHub) -> None:
    page, code = Answering(owned.settings), _page_code(owned, 0)
    review = open_review(owned.rows(), "agency")
    assert review is not None
    entered = page.enter(review.id, code, SeenFrom())
    assert isinstance(entered, Entered)

    ref, other = owned.ref(0), owned.ref(1)
    with ledger_of(owned.settings) as ledger, ledger.writing() as book:
        book.append(DROPPED, hub="agency", actor=other, identified_by="answers", payload={"person": ref})

    assert page.standing(entered.token) == Refused(NOT_AN_OWNER)
    assert page.enter(review.id, code, SeenFrom()) == Refused(NOT_AN_OWNER)


def test_browsers_send_the_origin_of_our_own_forms() -> None:
    """Under "no-referrer" Chrome and Firefox send "Origin: null" with every form, which the guard refuses."""
    assert HEADERS["Referrer-Policy"] == "same-origin"
