"""Which of the due changes may be done, by what was read just now: each alone, and all of them together."""

from collections.abc import Collection, Sequence

from flows.applying.fresh_facts import Fresh, StillAsked
from flows.applying.results import Found
from flows.opening.ledger import people_by_address
from flows.settings import Settings
from matching.review.approvals import Approval
from matching.review.asked import Asked
from matching.review.decisions import whose_it_is_was_decided
from matching.review.still_right import DECIDED, Together, leaves
from tasks.ledger.book import Book


def judged(
    settings: Settings, book: Book, label: str, due: Sequence[Approval], fresh: Fresh
) -> tuple[list[Approval], list[Found]]:
    """Return what may be done, and what came of the rest; what the reading can't say is in neither.

    Ledger and directory are asked once for all of them, however many they are.
    """
    asked_by_owners = [one.asked for one in due if one.asked.wanted is not None]
    by_report, together = StillAsked(fresh.report), Together([one.asked for one in due], fresh.facts)
    decided = whose_it_is_was_decided(book.entries(hub=label))
    ids = _ids_of(book, asked_by_owners)
    left = _who_have_left(settings, [ids[one.wanted.address] for one in asked_by_owners if one.wanted])
    go, over = list[Approval](), list[Found]()
    for approval in due:
        asked = approval.asked
        if asked.wanted is None:
            state, reason = by_report.of(asked.id)
        elif leaves(asked) and asked.id in decided:
            state, reason = "stale", DECIDED
        else:
            address, persons = ids[asked.wanted.address], {ids[one] for one in asked.persons}
            state, reason = together.still_right(
                asked, address, persons, has_left=address.strip().lower() in left
            )
        if state == "go":
            go.append(approval)
        elif state:
            over.append((approval, state, reason, ""))
    return go, over


def _ids_of(book: Book, asked: Sequence[Asked]) -> dict[str, str]:
    """Return for the references of these changes what they stand for, nothing for those that were erased."""
    refs = {ref for one in asked if one.wanted for ref in (one.wanted.address, *one.persons)}
    return {ref: facts.get("id", "") for ref, facts in book.named(refs).items()}


def _who_have_left(settings: Settings, addresses: Collection[str]) -> set[str]:
    """Return those of the addresses, in lower case, that belong to somebody who has left by now."""
    people = people_by_address(settings, sorted({one for one in addresses if one}))
    return {
        address for address, found in people.items() if any(one.status == "deprovisioned" for one in found)
    }
