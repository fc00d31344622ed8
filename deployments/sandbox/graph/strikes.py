"""What the schedule's faults do to a call: refuse it, slow it down, bend its page, spoil its answer."""

from collections.abc import Callable, Iterable

from deployments.sandbox.faults.schedule import ON_THE_WIRE, Fault, How, hits
from deployments.sandbox.graph import errors
from deployments.sandbox.graph.call import Call
from deployments.sandbox.graph.paging import Page, cursor_at


class Refused(Exception):
    """A fault of the schedule refuses the call: the error, and the fault for its usage headers."""

    def __init__(self, error: errors.GraphError, fault: Fault) -> None:
        super().__init__(str(error))
        self.error, self.fault = error, fault


class NullItem(Exception):
    """This batch item is answered `null`."""


def strike(faults: Iterable[Fault], call: Call, edge: str, how: How, limit: int | None) -> list[Fault]:
    """Let the schedule hit this reading: raise its refusal, or return what hit it."""
    struck = hits(faults, edge, call.method, how, limit)
    for fault in struck:
        _hit(fault, call)
        if fault.fault == "cursor_past_end":
            raise Refused(errors.cursor_past_end(), fault)
        if fault.fault == "no_expansion":
            raise Refused(errors.not_expandable(edge), fault)
    return struck


def strike_before(faults: Iterable[Fault], call: Call, edge: str) -> list[Fault]:
    """Let the schedule hit this write before Meta does it; return what is to refuse it afterwards.

    What slows the answer down or spoils it on the wire is noted at once: it does so whatever the answer is.
    """
    struck = hits(faults, edge, call.method, call.how, None)
    for fault in struck:
        if fault.hits_before_write():
            _hit(fault, call)
            raise Refused(errors.coded(fault.code or 2, fault.subcode, fault.message), fault)
        if fault.fault == "slow" or fault.fault in ON_THE_WIRE:
            _hit(fault, call)
    return [fault for fault in struck if fault.fault in ("code", "item_error", "null_item")]


def strike_after(struck: Iterable[Fault], call: Call) -> None:
    """Let the schedule hit the answer to a write that Meta has done."""
    for fault in struck:
        _hit(fault, call)


def _hit(fault: Fault, call: Call) -> None:
    if fault.fault == "slow":
        call.exchange.delay_s += fault.seconds
    elif fault.fault in ON_THE_WIRE:
        call.exchange.spoiled = fault
    elif fault.fault == "null_item":
        raise NullItem
    elif fault.fault in ("code", "item_error"):
        raise Refused(errors.coded(fault.code or 2, fault.subcode, fault.message), fault)


def bend(page: Page, struck: Iterable[Fault]) -> None:
    """Make a page as wrong as the faults that hit it say."""
    for fault in struck:
        if fault.fault in _BENDS:
            _BENDS[fault.fault](page, fault)


def _empty_page(page: Page, fault: Fault) -> None:
    # §3: a page may be empty and yet have `next`; nothing is lost if the client goes on. Each has its own
    # cursor, or two in a row would be a repeated cursor, which is another fault.
    page.elements, page.has_next = [], True
    page.after = cursor_at(page.start - 1, "", nonce=f"empty{fault.seen}")
    page.before = page.after


def _repeat_cursor(page: Page, fault: Fault) -> None:
    # §8.6: the cursor that was sent comes back, so that a client without a guard goes round for ever
    page.after, page.has_next = page.asked_after or cursor_at(-1, ""), True


def _wrong_total(page: Page, fault: Fault) -> None:
    page.total += fault.by


def _row_twice(page: Page, fault: Fault) -> None:
    page.elements = page.elements + page.elements[:1]


def _row_missing(page: Page, fault: Fault) -> None:
    page.elements = page.elements[1:]


_BENDS: dict[str, Callable[[Page, Fault], None]] = {
    "empty_page": _empty_page,
    "repeat_cursor": _repeat_cursor,
    "wrong_total": _wrong_total,
    "row_twice": _row_twice,
    "row_missing": _row_missing,
}
