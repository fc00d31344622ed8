"""Members with their grants in one sweep: a listing with the assigned edges nested in it by expansion."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from pathlib import Path

from tasks.errors import ListingBroken, MetaError
from tasks.meta.beside import Beside
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extraction import Extraction, failed, finished
from tasks.meta.grants import Grants
from tasks.meta.listing import NOBODY, Reading, id_of, is_page, pages
from tasks.meta.refusals import told
from tasks.meta.selection import NESTED_LIMIT, Selection
from tasks.meta.store import RowsFile
from tasks.meta.wire import ASSIGNED_EDGES, EDGES, MEMBER_KINDS, Row, Scope

EXPANDED_LIMIT = 100
EXPANDED_FLOOR = 12  # with fewer members a page, batches of 50 need no more requests
APART_FROM = 1000  # members; below it, to ask for each page twice saves no time that anybody would notice


class Members:
    """Ids of members whose edge is still to be asked for. Opaque: Prefect would look through a list."""

    __slots__ = ("_ids",)

    def __init__(self) -> None:
        self._ids: list[str] = []

    def add(self, member_id: str) -> None:
        self._ids.append(member_id)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __repr__(self) -> str:
        return f"<{len(self._ids)} members>"


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep brought of one assigned edge: its counts, and the two files that hold it."""

    pages: int
    rows: int
    total: int | None
    read: int
    rows_path: Path
    read_path: Path


@dataclass(frozen=True, slots=True)
class MembersRead:
    """A listing of members as it was read, what came with it by expansion, and who remains to be asked.

    `swept` and `remaining` are by assigned edge, and empty when the listing could not be read.
    """

    kind: str
    listing: EdgeRead
    swept: Mapping[str, Swept]
    remaining: Mapping[str, Members]


async def sweep(client: MetaClient, job: Extraction, name: str) -> MembersRead:
    """Read `name` ("business_users", "system_users") with the assigned edges; twice if totals differ.

    A nested edge that is absent, cut or odd was not read: its member is in `remaining`. A listing of users
    without a single one was not read either. Never raises MetaError: a listing that fails is an incomplete
    EdgeRead and leaves no file.
    """
    first = await _sweep_once(client, job, name)
    return first if first.listing.complete or not first.swept else await _sweep_once(client, job, name)


async def _sweep_once(client: MetaClient, job: Extraction, name: str) -> MembersRead:
    kind, keep = MEMBER_KINDS[name], EDGES[name].keep
    reading = Reading(EXPANDED_LIMIT)
    assigned = [edge for edge in ASSIGNED_EDGES.values() if not job.skips(edge.name)]
    selection = Selection(EDGES[name], assigned)
    remaining = {edge.name: Members() for edge in assigned}
    # of a first reading: what fails now leaves no file
    for file in (job.file(name), *(f for e in assigned for f in swept_files(job, e.name, kind))):
        file.unlink(missing_ok=True)
    try:
        with ExitStack() as files:
            members = files.enter_context(RowsFile(job.file(name)))
            grants = [
                files.enter_context(Grants(edge, *swept_files(job, edge.name, kind))) for edge in assigned
            ]

            def take(rows: list[Row]) -> None:
                for one in grants:
                    _take_nested(rows, kind, one, remaining[one.edge.name])

            path = f"{job.business_id}/{name}"
            async with aclosing(pages(client, path, selection, reading, EXPANDED_FLOOR)) as expanded:
                async for rows in expanded:
                    members.write(map(keep, rows))
                    take(rows)
                    if _goes_on_apart(selection, reading):
                        break
            if not reading.done:
                await _go_on_apart(
                    client, path, selection, reading, lambda rows: members.write(map(keep, rows)), take
                )
            if kind == "user" and not reading.rows:
                raise ListingBroken(NOBODY)
            members.keep()
            for one in grants:
                one.keep()
    except MetaError as error:
        return MembersRead(kind, failed(name, told(error, selection.needs), reading), {}, {})
    swept = {
        one.edge.name: Swept(
            one.pages, one.rows, one.total, one.read[kind], *swept_files(job, one.edge.name, kind)
        )
        for one in grants
    }
    return MembersRead(kind, finished(name, reading), swept, remaining)


def _goes_on_apart(selection: Selection, reading: Reading) -> bool:
    """Say whether so much is to come that listing and grants had better be asked for apart."""
    return bool(selection.nested) and (reading.total or 0) >= APART_FROM and not reading.done


async def _go_on_apart(
    client: MetaClient,
    path: str,
    selection: Selection,
    reading: Reading,
    write: Callable[[list[Row]], None],
    take: Callable[[list[Row]], None],
) -> None:
    """Read the listing to its last page, and the grants of those on each page beside it."""
    alone, nested = selection.apart()
    beside = Beside(client, path, nested, limit=reading.limit, floor=EXPANDED_FLOOR, take=take)
    async with beside:
        after = reading.after
        async for rows in pages(client, path, alone, reading):
            write(rows)
            beside.ask(after, rows)
            after = reading.after
        await beside.settle()


def swept_files(job: Extraction, edge: str, kind: str) -> tuple[Path, Path]:
    """Return where a sweep keeps an assigned edge of one kind of member, until the edge is read whole."""
    return job.folder / f"{edge}.{kind}.swept", job.folder / f"{edge}.read.{kind}.swept"


def _take_nested(rows: list[Row], kind: str, grants: Grants, remaining: Members) -> None:
    """Take one assigned edge out of a page of members: read to its end, or its member remains to be asked."""
    came = False
    for row in rows:
        member = Scope(kind, id_of(row))
        found = _whole_nested(row.get(grants.edge.name))
        if found is None or grants.unclear(found[0]):
            remaining.add(member.node_id)
        else:
            grants.whole(member, *found)
            came = True
    grants.pages += came


def _whole_nested(nested: object) -> tuple[list[Row], int | None] | None:
    """Return the rows and the total of a nested edge that holds all there is, else None.

    None as well when it is absent: Meta leaves out what is empty, what the token may not see, and what it did
    not feel like sending, and doesn't say which (§3). As many rows as the limit may be a cut list.
    """
    if not isinstance(nested, dict) or "error" in nested or not is_page(nested):
        return None
    if len(nested["data"]) >= NESTED_LIMIT:
        return None
    reading = Reading(NESTED_LIMIT)
    try:
        rows = reading.take(nested)
    except ListingBroken:
        return None
    return (rows, reading.total) if reading.done and reading.difference is None else None
