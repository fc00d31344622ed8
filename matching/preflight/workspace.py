"""Points on what is ours: the directory, the Owners, mail, ledger, warehouse and Prefect's server."""

from matching.preflight.facts import Hub, Store, Workspace
from matching.preflight.point import Point

_NOT_FIT = {
    "stranger": "is nobody's in the directory",
    "several": "leads to several people",
    "unreachable": "has no address in the directory",
}


def owners_point(hub: Hub) -> Point:
    """Return whether somebody can answer for a hub: active employees of the directory, two at best."""
    if hub.owners_unread:
        return Point("owners", "unknown", f"who the Owners are was not to be found out: {hub.owners_unread}")
    fit = {one.person_id for one in hub.owners if one.standing == "fit"}
    unfit = [
        f"{one.name} {_NOT_FIT.get(one.standing, f'is {one.standing}')}"
        for one in hub.owners
        if one.standing != "fit"
    ]
    said = "; ".join([f"{len(fit)} can answer" if fit else "nobody can answer for this hub", *unfit])
    if not fit:
        return Point("owners", "broken", said, "name active employees of the directory as owners")
    if len(fit) < 2:
        mend = f"name a second Owner: hubroster owner-add {hub.label} ADDRESS --reason WHY"
        return Point("owners", "look", f"{said}; what takes two can't be approved", mend)
    return Point("owners", "look" if unfit else "ok", said, "drop who can't answer" if unfit else "")


def workspace_points(facts: Workspace) -> list[Point]:
    """Return the points on what all hubs share."""
    return [
        _directory(facts),
        _store("mail", facts.mail),
        _store("ledger", facts.ledger),
        _store("warehouse", facts.warehouse),
        _prefect(facts),
    ]


def _directory(facts: Workspace) -> Point:
    refused = [f"{one.name} is refused: it {one.reason}" for one in facts.sources if one.reason]
    if refused:
        mend = "bring a whole, fresh file; no removal rests on a source until it is accepted"
        return Point("directory", "broken", "; ".join(refused), mend)
    told = [f"{one.name} has {one.people:,} people and is {one.age_h:.0f} h old" for one in facts.sources]
    if not any(one.tells_who_left for one in facts.sources):
        mend = 'export the statuses, or say absence = "left"'
        return Point("directory", "look", f"{'; '.join(told)}; none says who has left, so nobody has", mend)
    return Point("directory", "ok", "; ".join(told))


def _store(name: str, store: Store) -> Point:
    if store.problem:
        return Point(name, "broken", store.problem, store.mend or "mend what it says, and look again")
    return Point(name, "ok", store.about)


def _prefect(facts: Workspace) -> Point:
    server = facts.prefect
    point = _store("prefect", server.store)
    if point.state == "broken" or server.theirs in (None, server.ours):
        return point
    said = f"{point.said} and is of version {server.theirs}, this hubroster runs with {server.ours}"
    return Point("prefect", "look", said, "bring both to the same version")
