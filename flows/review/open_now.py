"""The open reviews of many hubs at once: the directory is asked for all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass

from flows.opening.ledger import known_refs
from flows.review.answering import ReviewNow, concerned, stands
from flows.settings import Settings
from matching.review.owners import Known, owners_of
from matching.review.standing import expired, open_review
from tasks.ledger.book import Book


@dataclass(frozen=True, slots=True)
class HubNow:
    """A hub, those of its Owners whom the directory has, and its review, None where nothing is asked."""

    label: str
    owners: tuple[Known, ...]
    review: ReviewNow | None

    def waiting(self) -> int:
        """Return how many questions still wait for an answer."""
        found = self.review.verdicts.values() if self.review else ()
        return sum(verdict.state in ("open", "partly") for verdict in found)


def open_now(settings: Settings, book: Book, labels: Sequence[str]) -> list[HubNow]:
    """Return how these hubs stand, in their order."""
    rows = {label: book.entries(hub=label) for label in labels}
    owners = {label: owners_of(rows[label], label, book.now) for label in labels}
    reviews = {label: open_review(rows[label], label) for label in labels}
    asked = {label: one for label, one in reviews.items() if one is not None and not expired(one, book.now)}
    refs = {who for label in labels for who in concerned(asked.get(label), owners[label])}
    people = known_refs(settings, book, refs)
    return [
        HubNow(
            label,
            tuple(people[who] for who in owners[label] if who in people),
            stands(settings, rows[label], asked[label], owners[label], people) if label in asked else None,
        )
        for label in labels
    ]
