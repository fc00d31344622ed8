"""What stands after the merge: whose each seat is, and what differs since the last complete check."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import duckdb
import pandas as pd

from flows.checking.job import CheckJob
from matching.people.asked_before import Weighed
from matching.people.directory import forget_if_large
from matching.people.link import Policy
from matching.people.sources import OnePerPerson, as_one, one_per_person
from matching.roster.changes import Differences
from matching.roster.decided import Decided, Exemption
from matching.roster.seats import Seated, seat_members
from matching.roster.tabs import count_tabs
from tasks.warehouse import queries
from tasks.warehouse.remembered import of_directory, remembers_directory, state_of_directory
from tasks.warehouse.weighed import weighed_before

progress = logging.getLogger("hubroster.progress")

MOST_ACCOUNTS_EXPLAINED = 200  # four batches of calls; a longer list is a reorganisation, not a deed


def changed_ad_accounts(job: CheckJob) -> tuple[datetime | None, list[str]]:
    """Return the start of the last complete check, and the ad accounts on which grants differ since."""
    with job.warehouse(read_only=True) as con:
        at = queries.check_time(con, job.hub.label, job.check_id)
        since = queries.last_complete(con, job.hub.label, at)
        if since is None:
            return None, []
        found = queries.changed_ad_accounts(con, job.hub.label, since, MOST_ACCOUNTS_EXPLAINED)
    return since, found["asset_id"].tolist()


@dataclass(frozen=True, slots=True)
class Standing:
    """What the warehouse says after the merge: members and people, matched, and what differs since last time.

    `known`: everybody of the directory once, which was then in the state `directory`. `since` is the start of
    the last complete check; None makes this one the baseline. `left_at`: since when who has left has been
    gone without a break.
    """

    seated: Seated
    known: OnePerPerson
    directory: tuple[Any, ...]
    since: datetime | None
    differences: Differences | None
    has_agencies: bool
    decided: Decided = field(default_factory=Decided)
    left_at: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def people(self) -> pd.DataFrame:
        """Everybody of the directory, one row per person."""
        return self.known.people

    def known_in(self, con: duckdb.DuckDBPyConnection) -> OnePerPerson | None:
        """Return everybody of the directory once, None where the warehouse says something else by now."""
        return self.known if self.directory == state_of_directory(con) else None


def match_members(job: CheckJob, decided: Decided | None = None, *, anew: bool = False) -> Standing:
    """Match the hub's members with the people of the directory, in memory; decisions beat every rule.

    Whose name and address the last check weighed, by the same directory, isn't weighed again unless `anew`.
    """
    label, policy = job.hub.label, job.settings.policy
    decided = decided or Decided()
    with job.warehouse(read_only=True) as con:
        members = queries.members(con, label)
        known, state = known_people(con, job.settings.directory_order), state_of_directory(con)
        stays, links = queries.stays(con, label), queries.links(con, label)
        at = queries.check_time(con, label, job.check_id)  # what a later check has loaded already is its own
        since = queries.last_complete(con, label, at)
        differences = _differences(con, label, since, at) if since else None
        has_agencies = len(queries.agencies(con, label)) > 0
        all_known = queries.rights_read(con, label, job.check_id)
        all_known &= queries.directory_read(con, job.check_id) == len(job.settings.directory)
        before = Weighed() if anew else weighed_before(con, label)
        grants = queries.grants_of(con, label, _seats(decided.exemptions)) if decided.exemptions else None
        decided = _of_one(decided, known)
        departures = queries.departures(con)
        passed_on = queries.passed_on(con, label, decided.linked_at)
    links = as_one(links, known.ids)
    left_at = _left_at(departures, known)
    if differences:
        differences = replace(differences, people=_by_word(differences.people, known, links))
    seated = seat_members(
        members,
        known.people,
        stays,
        links,
        policy=Policy(policy.auto_match_posterior, policy.auto_match_by_name),
        own_domains=policy.own_domains,
        all_known=all_known,
        by_name_after=policy.by_name_after,
        decided=decided,
        passed_on=passed_on,
        left_at=left_at,
        left_elsewhere=known.left_elsewhere,
        exempted_grants=grants,
        now=job.started_at,
        before=before,
    )
    if not remembers_directory():
        forget_if_large()
    counts = count_tabs(seated.seats["tab"])
    progress.info("Matched: %s", ", ".join(f"{tab} {n}" for tab, n in counts.items() if n) or "nobody")
    return Standing(seated, known, state, since, differences, has_agencies, decided, left_at)


def known_people(con: duckdb.DuckDBPyConnection, order: Mapping[str, int]) -> OnePerPerson:
    """Return everybody of the directory once, by the order of its sources in the settings."""

    silent = queries.sources_without_status(con)

    def ask() -> OnePerPerson:
        return one_per_person(queries.people(con), order, silent)

    return of_directory(con, ("one per person", *order.items(), *sorted(silent)), ask)


def _of_one(decided: Decided, known: OnePerPerson) -> Decided:
    """Return what was decided, with the ids that `known` has."""
    linked_at = {(stay, known.ids.get(one, one)): at for (stay, one), at in decided.linked_at.items()}
    return replace(decided, pairs=as_one(decided.pairs, known.ids), linked_at=linked_at)


def _left_at(departures: Mapping[tuple[str, str], datetime], known: OnePerPerson) -> dict[str, datetime]:
    """Return since when who has left has been gone, as the source says that has the word."""
    has_word = _has_word(known)
    found: dict[str, datetime] = {}
    for (source, raw), at in departures.items():
        person = known.ids.get(raw, raw)
        if has_word.get(person) == source:
            found[person] = max(at, found.get(person, at))
    return found


def _has_word(known: OnePerPerson) -> dict[str, str]:
    """Return which source has the word about each person."""
    return dict(zip(known.people["person_id"].tolist(), known.people["source"].tolist(), strict=True))


def _by_word(changes: pd.DataFrame, known: OnePerPerson, links: pd.DataFrame) -> pd.DataFrame:
    """Return what changed about people, as far as the source says so that has the word about them."""
    changes = as_one(changes, known.ids)
    has_word = _has_word(known)
    linked = set(links[(links["outcome"] == "matched") & links["valid_to"].isna()]["person_id"])
    pairs = zip(changes["person_id"].tolist(), changes["source"].tolist(), strict=True)
    said = [has_word.get(person) == source for person, source in pairs]
    is_linked = changes["is_linked"].astype("bool") | changes["person_id"].isin(linked)
    return changes.assign(is_linked=is_linked)[pd.Series(said, index=changes.index, dtype="bool")]


def _seats(exemptions: Sequence[Exemption]) -> pd.DataFrame:
    return pd.DataFrame(
        {"kind": [e.kind for e in exemptions], "member_id": [e.member_id for e in exemptions]}
    )


def _differences(
    con: duckdb.DuckDBPyConnection, label: str, since: datetime, until: datetime | None
) -> Differences:
    return Differences(
        members=queries.member_changes(con, label, since, until),
        grants=queries.grant_changes(con, label, since, until),
        assets=queries.asset_changes(con, label, since, until),
        people=queries.person_changes(con, label, since, until),
    )
