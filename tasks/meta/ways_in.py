"""The ways into a hub that a removed person may still have (design §9), and what nobody could see."""

from collections.abc import Collection
from dataclasses import dataclass

from tasks.meta.client import MetaClient
from tasks.meta.relisting import Listed, People, list_people, read_nodes, same_address
from tasks.meta.wire import EDGES, Edge, keeping

_ROLES = Edge("roles", ("id",), (), keeping(("id",)), needs="pages_manage_metadata and MANAGE on the Page")


@dataclass(frozen=True, slots=True)
class WaysIn:
    """Ids of what is left: the person's `seats` and `invitations`, and `pages` with roles from outside.

    Meta doesn't say whose such a role is by anything that we know of the person, so each of `pages` is a
    question to ask. `partners_unseen`: other businesses work here, or may, whose people nobody shows us.
    `unread`: a line for each listing that could not be read whole; what it holds is unknown.
    """

    seats: tuple[str, ...]
    invitations: tuple[str, ...]
    pages: tuple[str, ...]
    partners_unseen: bool
    unread: tuple[str, ...]


async def remaining_ways_in(
    reader: MetaClient,
    business_id: str,
    addresses: Collection[str],
    person_seats: Collection[str],
    page_ids: Collection[str],
) -> WaysIn:
    """Return the ways that a removed person still has into this hub. Never raises MetaError.

    `addresses` and `person_seats` (Meta ids) are all that are known of the person; without either the hub's
    people aren't listed, as none of them could be recognised. `page_ids` are the Pages to look at.
    """
    nobody = People(Listed({}), Listed({}))
    people = await list_people(reader, business_id) if addresses or person_seats else nobody
    agencies = (await read_nodes(reader, EDGES["agencies"], [business_id]))[business_id]
    roles = await read_nodes(reader, _ROLES, dict.fromkeys(page_ids))
    known = set(person_seats)
    seats = tuple(
        user_id
        for user_id, row in people.users.rows.items()
        if user_id in known or any(same_address(row, one) for one in addresses)
    )
    invitations = tuple(
        request_id
        for request_id, row in people.invited.rows.items()
        if request_id in known or any(same_address(row, one) for one in addresses)
    )
    read: list[tuple[str, Listed]] = [
        ("business_users", people.users),
        ("pending_users", people.invited),
        ("agencies", agencies),
        *((f"the roles of Page {page_id}", one) for page_id, one in roles.items()),
    ]
    return WaysIn(
        seats=seats,
        invitations=invitations,
        pages=tuple(page_id for page_id, one in roles.items() if one.rows),
        partners_unseen=bool(agencies.rows or agencies.reason),
        unread=tuple(f"{name}: {one.reason}" for name, one in read if one.reason),
    )
