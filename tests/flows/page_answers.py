"""What an Owner does on the page about one member, by plain functions."""

from flows.mails.notify import notify
from flows.opening.ledger import ledger_of
from flows.review.answering import Answered, record_answers
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.approval_world import person_id


def change_of(hub: Approving, member_id: str) -> str:
    return next(change for change, member in hub.asked().items() if member == member_id)


def answer(hub: Approving, name: str, member_id: str, word: str) -> Answered:
    """Let an Owner answer on the page; receipts go out."""
    with ledger_of(hub.settings) as ledger, ledger.writing() as book:
        person = book.find("person", person_id(name))
        assert person is not None
        review = hub.review()
        assert review is not None
        change = next(c for c, one in review.asked.items() if one.member_id == member_id)
        said = record_answers(
            hub.settings,
            book,
            LABEL,
            review.id,
            person=person,
            answers={change: word},
            identified_by="page code",
        )
    notify(hub.settings, LABEL)
    return said
