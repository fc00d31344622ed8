"""Which ways in somebody still has who was removed: told with the result, by ids (design §9)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from flows.applying.calls import client_of
from flows.applying.fresh_facts import Fresh
from flows.applying.results import Found
from flows.applying.rows import takes_seat
from flows.checking.job import CheckJob
from matching.review.approvals import Approval
from matching.review.standing import AT_META
from tasks.meta.ways_in import WaysIn, remaining_ways_in
from tasks.warehouse import queries

MOST_PAGES = 50  # of all who were removed at once, whose roles from outside are looked at
SHOWN = 5
Seat = tuple[str, str, str]  # hub, kind, Meta id


async def with_ways_left(job: CheckJob, found: Sequence[Found], fresh: Fresh) -> list[Found]:
    """Return the results, each removal that was done with the ways in that are left, or that nobody sees.

    Seats and invitations by the link to the person, in every hub, and by the address, in this one; who
    came over a partner business or has a role on a Page from outside can't be told by name: that is said.
    """
    gone = [one for one, state, *_ in found if state in AT_META and takes_seat(one.asked)]
    if not gone:
        return list(found)
    pages = {one.seq: fresh.pages_of(one) for one in gone}
    asked = sorted({page for those in pages.values() for page in those})
    async with client_of(job) as reader:
        outside = await remaining_ways_in(reader, job.hub.business_id, (), (), asked[:MOST_PAGES])
    others = _other_seats(job, gone, fresh)
    told = {one.seq: _words(others.get(one.seq, []), pages[one.seq], outside, asked) for one in gone}
    return [
        (one, state, f"{reason}. {told[one.seq]}" if told.get(one.seq) else reason, meta_id)
        for one, state, reason, meta_id in found
    ]


def _other_seats(job: CheckJob, gone: Sequence[Approval], fresh: Fresh) -> Mapping[int, list[str]]:
    """Return the other seats and invitations of each person, in words."""
    label = job.hub.label
    columns = (fresh.facts.seats[name] for name in ("kind", "member_id", "person_id", "email"))
    seats = [
        (str(kind), str(member), _text(person), _text(email).lower())
        for kind, member, person, email in zip(*columns, strict=True)
    ]
    removed = {(label, one.asked.member_kind, one.asked.member_id) for one in gone}
    ids = {person for kind, seat, person, _ in seats if person and (label, kind, seat) in removed}
    with job.warehouse(read_only=True) as con:
        linked = queries.seats_of_people(con, sorted(ids))
    found: dict[tuple[str, str], list[Seat]] = defaultdict(list)  # ("person" or "address", which) → seats
    for row in linked.itertuples():
        found["person", str(row.person_id)].append((str(row.hub), str(row.kind), str(row.member_id)))
    for kind, seat, _, email in seats:
        if email:
            found["address", email].append((label, kind, seat))
    mine = {(kind, seat): (person, email) for kind, seat, person, email in seats}
    left = {}
    for one in gone:
        person, email = mine.get((one.asked.member_kind, one.asked.member_id), ("", ""))
        same = [*found["person", person], *found["address", email]]  # nothing stands under ""
        if others := [other for other in dict.fromkeys(same) if other not in removed]:
            left[one.seq] = [_seat(other, label) for other in others]
    return left


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _seat(seat: Seat, label: str) -> str:
    hub, kind, member_id = seat
    what = "invitation" if kind == "pending" else "seat"
    return f"{what} {member_id}" + ("" if hub == label else f" in {hub}")


def _words(seats: Sequence[str], pages: Sequence[str], outside: WaysIn, looked_at: Sequence[str]) -> str:
    lines = []
    if seats:
        lines.append(f"Still there for the same person: {_some(seats)}.")
    roles = [page for page in pages if page in outside.pages]
    if roles:
        lines.append(f"Page {_some(roles)} has roles given from outside: look there by hand.")
    unseen = [page for page in pages if page not in looked_at[:MOST_PAGES]]
    if unseen or any("Page" in line for line in outside.unread):
        lines.append("Roles given on Pages from outside could not all be read.")
    if outside.partners_unseen:
        lines.append("Whom partner businesses let in, Meta doesn't show.")
    return " ".join(lines)


def _some(ids: Sequence[str]) -> str:
    more = len(ids) - SHOWN
    return ", ".join(ids[:SHOWN]) + (f" and {more} more" if more > 0 else "")
