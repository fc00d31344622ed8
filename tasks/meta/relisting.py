"""Who is in a hub and who is invited, read again into memory, as far as a proof needs it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tasks.meta.client import MetaClient
from tasks.meta.listing import NOBODY, Reading
from tasks.meta.questions import Inquiry, Question, Questions
from tasks.meta.selection import Selection
from tasks.meta.wire import Edge, Row, Scope, keeping

_USER = ("id", "email", "role")
_SHOWN = ("finance_permission", "ip_permission", "marked_for_removal")
_INVITE = ("id", "email", "role", "status")
_USERS = Edge(
    "business_users",
    _USER,
    (*_SHOWN, "business_role_request"),
    keeping((*_USER, *_SHOWN), ("business_role_request",)),
)
_INVITED = Edge("pending_users", _INVITE, (), keeping(_INVITE))


@dataclass(frozen=True, slots=True)
class Listed:
    """One listing: its rows by id when it was read to its last page; else `reason`, and nothing else."""

    rows: Mapping[str, Row]
    reason: str = ""


class Held:
    """A sink that holds the rows in memory; `listed` is what came of them."""

    def __init__(self, edge: Edge) -> None:
        self._keep = edge.keep
        self._rows: dict[str, Row] = {}
        self.listed = Listed({}, "it was not read")

    def page(self, rows: list[Row]) -> None:
        """Take the new rows of a page."""
        self._rows.update((row["id"], self._keep(row)) for row in rows)

    def again(self) -> None:
        """Forget all pages."""
        self._rows = {}

    def end(self, reading: Reading) -> None:
        """Take note that all rows are there."""
        self.listed = Listed(self._rows)

    def fail(self, reason: str, reading: Reading) -> None:
        """Take note that they aren't: then none of them counts."""
        self.listed = Listed({}, reason)


@dataclass(frozen=True, slots=True)
class People:
    """A hub's business users and its invitations."""

    users: Listed
    invited: Listed

    @property
    def unread(self) -> str:
        """Say which of the two was not read to its last page, and why; empty when both were."""
        both = (("business_users", self.users), ("pending_users", self.invited))
        return "; ".join(f"{name} was not read whole: {one.reason}" for name, one in both if one.reason)

    @property
    def seats_hide_their_origin(self) -> bool:
        """Say whether a seat may have come from an invitation without showing it.

        Meta leaves out what the token may not see (§3). Where no seat at all shows its invitation, the field
        may be one of those, and then a seat without an address could be anybody's.
        """
        rows = self.users.rows.values()
        no_request = not any("business_role_request" in row for row in rows)
        return no_request and any(not row.get("email") for row in rows)


def same_address(row: Row, address: str) -> bool:
    """Say whether a row shows this mail address; never for an empty one."""
    shown = row.get("email")
    return isinstance(shown, str) and bool(address) and shown.strip().lower() == address.strip().lower()


async def list_people(reader: MetaClient, business_id: str) -> People:
    """Read business users and invitations, in the same batches. Never raises MetaError."""
    held = {edge.name: Held(edge) for edge in (_USERS, _INVITED)}
    business = Scope("business", business_id)
    await Questions(
        reader,
        [
            Question(Inquiry(edge.name, Selection(edge)), business, held[edge.name])
            for edge in (_USERS, _INVITED)
        ],
    ).ask()
    users, invited = (one.listed for one in held.values())
    if not users.reason and not users.rows:
        users = Listed({}, NOBODY)
    return People(users, invited)


async def read_nodes(
    reader: MetaClient, edge: Edge, node_ids: Iterable[str], filters: Mapping[str, str] | None = None
) -> dict[str, Listed]:
    """Read one edge of each node, all in the same batches; return the listings by the node's id."""
    held = {node_id: Held(edge) for node_id in node_ids}
    inquiry = Inquiry(edge.name, Selection(edge), filters)
    questions = [Question(inquiry, Scope("node", node_id), sink) for node_id, sink in held.items()]
    if questions:
        await Questions(reader, questions).ask()
    return {node_id: sink.listed for node_id, sink in held.items()}
