"""An Owner's word that a refused file is right: exactly that file, by its hash, recorded with who and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.directory.state import source_of
from flows.directory_source import DirectorySource
from flows.opening.directory import may_be_accepted, read_now, way_of, with_word
from flows.owners.acting import BY_LOGIN, acting_in_workspace, reason_of
from flows.owners.first_owners import can_act, first_owners
from flows.owners.seat_of import ActionRefused
from flows.settings import Settings
from matching.review.directory import ACCEPTED
from matching.review.owners import Known
from tasks.directory.advice import advice
from tasks.directory.read import DirectoryRead

SHORTEST = 8  # hex digits of a hash that somebody names


@dataclass(frozen=True, slots=True)
class Accepted:
    """One file that was accepted: why it had been refused, its hash, and the row of the ledger."""

    source: str
    digest: str
    refusal: str
    people: int
    seq: int


def accept(settings: Settings, named: str | None, reason: str, digest: str = "") -> Accepted:
    """Accept the file of a source as it is now; without a name, of the only source that is refused.

    `digest`: the first digits of the hash that was looked at; another file is not accepted then. Nothing is
    read into the warehouse: the next check does that. Raises ActionRefused, saying why and what to do.
    """
    why = reason_of(reason)
    source, read = _refused(settings, named)
    refusal = read.reason or ""
    if not may_be_accepted(read):
        raise ActionRefused(
            f"{source.source} can't be accepted: it {refusal}; {advice(refusal)}. Nothing was done"
        )
    if digest and (len(digest) < SHORTEST or not read.digest.startswith(digest.lower())):
        raise ActionRefused(
            f"the file of {source.source} has the hash {read.digest[:12]}, and not the one that was named: "
            "look at `hubroster directory status`; nothing was done"
        )
    first = _first(settings, source, refusal)
    with acting_in_workspace(settings, first) as (book, actor):
        row = book.append(
            ACCEPTED,
            hub="",
            actor=actor.ref,
            identified_by=BY_LOGIN,
            payload={
                "source": source.source,
                "digest": read.digest,
                "way": way_of(source),
                "refusal": refusal,
                "people": len(read.people),
                "first": bool(first),
                "by": [actor.ref],
                "reason": book.text(why),
            },
        )
    return Accepted(source.source, read.digest, refusal, len(read.people), row.seq)


def _first(settings: Settings, source: DirectorySource, refusal: str) -> Mapping[str, Known]:
    """Return who may accept the very first read of a source. Raises ActionRefused where nobody could."""
    first = first_owners(settings, source.source)
    if first.directory.people and not first.people and not can_act(settings):
        raise ActionRefused(
            f"{source.source} can't be accepted: no Owner of a hub is an active employee, by what was "
            f"accepted or by this file; it {refusal}; {advice(refusal)}. Nothing was done"
        )
    return first.people


def _refused(settings: Settings, named: str | None) -> tuple[DirectorySource, DirectoryRead]:
    """Return the source that is meant with its refused read, as the rules say."""
    sources = [source_of(settings, named)] if named else list(settings.directory)
    reads = [(source, read_now(settings, source)) for source in sources]
    refused = [(source, read) for source, read in reads if not with_word(settings, source, read).accepted]
    if not refused:
        raise ActionRefused("the file is accepted as it is: the next check reads it; nothing was done")
    if len(refused) > 1:
        names = ", ".join(source.source for source, _ in refused)
        raise ActionRefused(f"several sources are refused: name one of {names}; nothing was done")
    return refused[0]
