"""What a check reads of a hub: one function an edge, each with its completeness.

None of them raises for an edge that can't be read, save `read_business`, which opens the session: it raises
MetaError when nothing can be read at all. They share one client, in one event loop, and may run side by side;
the assigned edges go after both listings of members.
"""

from collections.abc import Iterator, Sequence

from tasks.errors import ListingBroken, MetaError
from tasks.meta.batch import Answer
from tasks.meta.client import MetaClient
from tasks.meta.completeness import REQUIRED_EDGES, EdgeRead, ScopeGap
from tasks.meta.extraction import Extraction, failed, finished, skipped
from tasks.meta.grants import Grants
from tasks.meta.json_text import dumps
from tasks.meta.listing import Reading, pages
from tasks.meta.questions import Questions
from tasks.meta.refusals import refused_fields
from tasks.meta.selection import Selection
from tasks.meta.store import RowsFile, append_files, make_folder, write_whole
from tasks.meta.sweep import MembersRead, Swept, sweep
from tasks.meta.wire import ASSIGNED_EDGES, EDGES, Scope

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


async def read_plain_edge(client: MetaClient, job: Extraction, edge: str) -> EdgeRead:
    """Read one edge of the business into its file; a second time when its totals differ."""
    if job.skips(edge):
        return skipped(edge)
    first = await _read_once(client, job, edge)
    return first if first.complete or not job.file(edge).exists() else await _read_once(client, job, edge)


async def _read_once(client: MetaClient, job: Extraction, edge: str) -> EdgeRead:
    job.file(edge).unlink(missing_ok=True)  # of a first reading: what fails now leaves no file
    reading, keep = Reading(), EDGES[edge].keep
    try:
        with RowsFile(job.file(edge)) as file:
            async for rows in pages(client, f"{job.business_id}/{edge}", Selection(EDGES[edge]), reading):
                file.write(map(keep, rows))
            file.keep()
    except MetaError as error:
        return failed(edge, str(error), reading)
    return finished(edge, reading)


async def read_members(client: MetaClient, job: Extraction, edge: str) -> MembersRead:
    """Read "business_users" or "system_users", with as many grants as Meta sends along."""
    return await sweep(client, job, edge)


async def read_assigned(
    client: MetaClient, job: Extraction, members: Sequence[MembersRead], edge: str
) -> EdgeRead:
    """Read one assigned edge whole: what the sweeps brought, and the rest by batches.

    Members whose edge was not read to its last page are gaps. Without a single one read there is no file.
    """
    if job.skips(edge):
        return skipped(edge)
    swept = [read.swept[edge] for read in members if edge in read.swept]
    with Grants(ASSIGNED_EDGES[edge], job.file(edge), job.file(f"{edge}.read")) as grants:
        questions = Questions(
            client,
            Selection(ASSIGNED_EDGES[edge]),
            edge,
            _remaining(members, edge),
            whole=grants.whole,
            gap=grants.gap,
        )
        await questions.ask()
        gaps = (*_unlisted(members), *grants.gaps())
        kept = bool(grants.rows or grants.read or not gaps or any(one.read for one in swept))
        if kept:
            grants.keep()
    _join(job, edge, swept, kept=kept)
    totals = [grants.total, *(one.total for one in swept)]
    return EdgeRead(
        edge=edge,
        pages=questions.pages + sum(one.pages for one in swept),
        rows=grants.rows + sum(one.rows for one in swept),
        total=None if gaps or None in totals else sum(total for total in totals if total is not None),
        complete=not gaps,
        required=edge in REQUIRED_EDGES,
        reason=_reason(gaps, members),
        gaps=gaps,
    )


def _remaining(members: Sequence[MembersRead], edge: str) -> Iterator[Scope]:
    for read in members:
        for member_id in read.remaining.get(edge, ()):
            yield Scope(read.kind, member_id)


def _unlisted(members: Sequence[MembersRead]) -> Iterator[ScopeGap]:
    """Yield a gap for each kind of member of whom there may be more than were listed."""
    for read in members:
        if not read.listing.complete:
            yield ScopeGap(read.kind, "*", f"{read.listing.edge} was not read whole")


def _join(job: Extraction, edge: str, swept: Sequence[Swept], *, kept: bool) -> None:
    """Bring what the sweeps read into the edge's two files, and remove theirs."""
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
    if any(gap.member_id == "*" for gap in gaps):
        whole = next(gap for gap in gaps if gap.member_id == "*")
        return f"the grants of {whole.member_kind} members were not all read: {whole.reason}"
    of = sum(read.listing.rows for read in members)
    return f"the grants of {len(gaps)} of {of} members were not read: {gaps[0].reason}"
