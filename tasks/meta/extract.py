"""What a check reads of a hub, edge by edge, each with its completeness.

None of these raises for an edge that can't be read, save `read_business`, which opens the session: it raises
MetaError when nothing can be read at all. They share one client, in one event loop, and may run side by side;
grants come after both listings of members.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from tasks.errors import ListingBroken, MetaError
from tasks.meta.batch import Answer
from tasks.meta.client import MetaClient
from tasks.meta.completeness import REQUIRED_EDGES, EdgeRead, ScopeGap
from tasks.meta.extraction import Extraction, ListingSink, skipped
from tasks.meta.grants import Grants, MemberSink
from tasks.meta.json_text import dumps
from tasks.meta.questions import Inquiry, Question, Questions
from tasks.meta.refusals import refused_fields
from tasks.meta.selection import Selection
from tasks.meta.store import RowsFile, append_files, make_folder, write_whole
from tasks.meta.sweep import MembersRead, sweep
from tasks.meta.wire import ASSIGNED_EDGES, EDGES, PLAIN_EDGES, Scope

_BUSINESS = ("id", "name")
_BUSINESS_WISHES = ("verification_status", "two_factor_type")


async def read_business(client: MetaClient, job: Extraction) -> Answer:
    """Read the business node into business.json and return it; raise MetaError when it can't be had."""
    fields = ",".join((*_BUSINESS, *_BUSINESS_WISHES))
    try:
        node = await client.get(job.business_id, {"fields": fields})
    except MetaError as error:
        if not refused_fields(error):
            raise
        node = await client.get(job.business_id, {"fields": ",".join(_BUSINESS)})
    if node.get("id") != job.business_id:
        raise ListingBroken(f"asked for business {job.business_id}, Meta answered for another one")
    kept = {name: node[name] for name in (*_BUSINESS, *_BUSINESS_WISHES) if name in node}
    make_folder(job.folder)
    write_whole(job.folder / "business.json", dumps(kept) + b"\n")
    return kept


async def read_listings(
    client: MetaClient, job: Extraction, edges: Sequence[str] = PLAIN_EDGES
) -> list[EdgeRead]:
    """Read edges of the business, each into its file, side by side in the same batches."""
    asked = [edge for edge in edges if not job.skips(edge)]
    business = Scope("business", job.business_id)
    with ExitStack() as files:
        sinks = [
            ListingSink(edge, files.enter_context(RowsFile(job.file(edge.name))))
            for edge in map(EDGES.__getitem__, asked)
        ]
        await Questions(
            client,
            [Question(Inquiry(one.edge.name, Selection(one.edge)), business, one) for one in sinks],
        ).ask()
    read = {one.edge.name: one.result for one in sinks}
    return [read.get(edge) or skipped(edge) for edge in edges]


async def read_members(client: MetaClient, job: Extraction, edge: str) -> MembersRead:
    """Read "business_users" or "system_users", with as many grants as Meta sends along."""
    return await sweep(client, job, edge)


async def read_grants(
    client: MetaClient,
    job: Extraction,
    members: Sequence[MembersRead],
    edges: Sequence[str] = tuple(ASSIGNED_EDGES),
) -> list[EdgeRead]:
    """Read assigned edges whole: what the sweeps brought, and the rest side by side in the same batches.

    Members whose edge was not read to its last page are gaps. Without a single one read an edge has no file.
    """
    asked = [edge for edge in edges if not job.skips(edge)]
    with ExitStack() as files:
        every = {edge: files.enter_context(_grants(job, members, edge)) for edge in asked}
        inquiries = {edge: Inquiry(edge, Selection(ASSIGNED_EDGES[edge])) for edge in asked}
        await Questions(
            client,
            (
                Question(inquiries[edge], member, MemberSink(grants, member))
                for edge, grants in every.items()
                for member in _remaining(members, edge)
            ),
        ).ask()
        gaps = {edge: (*_unlisted(members), *grants.gaps()) for edge, grants in every.items()}
        kept = {
            edge for edge, grants in every.items() if grants.rows or grants.read.total() or not gaps[edge]
        }
        for edge in kept:
            every[edge].keep()
    for edge in asked:
        _join(job, members, edge, kept=edge in kept)
    return [
        _edge_read(every[edge], inquiries[edge].pages, members, gaps[edge])
        if edge in every
        else skipped(edge)
        for edge in edges
    ]


def _grants(job: Extraction, members: Sequence[MembersRead], edge: str) -> Grants:
    already = {read.kind: read.swept[edge].read for read in members if edge in read.swept}
    return Grants(ASSIGNED_EDGES[edge], job.file(edge), job.file(f"{edge}.read"), already)


def _remaining(members: Sequence[MembersRead], edge: str) -> Iterator[Scope]:
    for read in members:
        for member_id in read.remaining.get(edge, ()):
            yield Scope(read.kind, member_id)


def _edge_read(
    grants: Grants, pages: int, members: Sequence[MembersRead], gaps: tuple[ScopeGap, ...]
) -> EdgeRead:
    edge = grants.edge.name
    swept = [read.swept[edge] for read in members if edge in read.swept]
    totals = [grants.total, *(one.total for one in swept)]
    return EdgeRead(
        edge=edge,
        pages=pages + sum(one.pages for one in swept),
        rows=grants.rows + sum(one.rows for one in swept),
        total=None if gaps or None in totals else sum(total for total in totals if total is not None),
        complete=not gaps,
        required=edge in REQUIRED_EDGES,
        reason=_reason(gaps, members),
        gaps=gaps,
    )


def _unlisted(members: Sequence[MembersRead]) -> Iterator[ScopeGap]:
    """Yield a gap for each kind of member of whom there may be more than were listed."""
    for read in members:
        if not read.listing.complete:
            yield ScopeGap(read.kind, "*", f"{read.listing.edge} was not read whole: {read.listing.reason}")


def _join(job: Extraction, members: Sequence[MembersRead], edge: str, *, kept: bool) -> None:
    """Bring what the sweeps read into the edge's two files, and remove theirs."""
    swept = [read.swept[edge] for read in members if edge in read.swept]
    if kept:
        append_files(job.file(edge), [one.rows_path for one in swept])
        append_files(job.file(f"{edge}.read"), [one.read_path for one in swept])
    for one in swept:
        one.rows_path.unlink(missing_ok=True)
        one.read_path.unlink(missing_ok=True)


def _reason(gaps: Sequence[ScopeGap], members: Sequence[MembersRead]) -> str | None:
    """Return one line that says why an assigned edge is not complete."""
    if not gaps:
        return None
    if whole := [gap for gap in gaps if gap.member_id == "*"]:
        kinds = " and ".join(sorted({gap.member_kind for gap in whole}, reverse=True))
        return f"the grants of {kinds} members were not all read: {whole[0].reason}"
    of = sum(read.listing.rows for read in members)
    return f"the grants of {len(gaps)} of {of} members were not read: {gaps[0].reason}"
