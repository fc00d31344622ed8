"""Whether a directory turns too many people into leavers at once, or too many leavers into colleagues.

A column of statuses that is inverted, shifted or filled by a broken join looks sound in every row.
"""

from collections.abc import Mapping

# Nobody need ask about five: they leave together at the end of a quarter, also in a company of twenty. Of
# more than that, a tenth: it is what may be removed from a hub in 24 hours (design §10), so that a file which
# says more could not be acted on in a day anyway, and files that are wrong are wrong for a half or for
# everybody.
FEW = 5
SHARE = 10  # one in so many
# Two may both leave. From three on, that everybody left is a mistake before it is news.
ALL_OF = 3
FLIPPED = "marks"


def flipped(now: Mapping[str, str], last: Mapping[str, str]) -> str | None:
    """Return why a read with these statuses (person_id → status) is refused against the last one, or None.

    Refused are more than max(5, 10 %) of the active people who are deprovisioned now, or all of three or
    more; and the same the other way round. Who is absent is not counted: other rules do.
    """
    if now == last:
        return None  # as on most days
    words = {
        ("active", "deprovisioned"): "of the {of} active people as gone",
        ("deprovisioned", "active"): "of the {of} people who had left as active again",
    }
    for (before, after), said in words.items():
        were = [person for person, status in last.items() if status == before]
        turned = sum(1 for person in were if now.get(person) == after)
        allowed = _allowed(len(were))
        if turned > allowed:
            return f"{FLIPPED} {turned} {said.format(of=len(were))}, {allowed} are allowed at once"
    return None


def _allowed(people: int) -> int:
    allowed = max(FEW, people // SHARE)
    return min(allowed, people - 1) if people >= ALL_OF else allowed
