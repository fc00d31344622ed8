"""What must hold of a check while something goes wrong at Meta, whatever it is."""

import json

from tasks.meta.completeness import REQUIRED_EDGES
from tasks.meta.wire import ASSIGNED_EDGES, EDGES, MEMBER_KINDS
from tests.reliability.meta_cases import REDUCE, Case
from tests.reliability.meta_scene import After, Reading, Rows, Scene
from tests.reliability.reliability_page import Outcome, advice_of, told_by_the_page


def nothing_is_lost(scene: Scene, case: Case) -> None:
    """Right, or a clear line and exit 1: nobody gone, nothing closed or told, the last snapshot stands.

    Also: the outcome is the one that docs/reliability.md tells.
    """
    reading = scene.strike(case)
    after = scene.after(reading)
    assert not after.opened | after.gone | after.closed
    assert not after.told
    assert after.proposals <= scene.calm.proposals
    _is_right_or_says_why(scene, case, reading, after)
    _is_on_the_page(scene, case, reading)
    scene.forget(reading)


def nothing_false_is_told(scene: Scene, case: Case) -> None:
    """The same while people really come and go: only the truth is told, and after the trouble all of it."""
    reading = scene.strike(case)
    calm, after = scene.calm, scene.after(reading, recover=case.often == "for ever")
    assert after.opened <= calm.opened
    assert _but_evidence(after.gone) <= calm.gone
    assert _but_evidence(after.closed) <= calm.closed
    assert after.told <= calm.told
    if "business_users" in reading.unread:
        assert not [who for kind, who in after.told if kind == "member_gone"]
    assert after.proposals <= calm.proposals
    _is_right_or_says_why(scene, case, reading, after)
    if (later := after.recovered) is not None:
        assert (after.told if after.complete else later.told) == calm.told
        assert (later.complete, later.digest) == (True, calm.digest)
    scene.forget(reading)


def _but_evidence(rows: Rows) -> Rows:
    """Leave out the evidence for who somebody may be: it depends on everybody else who is seen.

    It goes while nobody is seen in a seat, as when an invitation was accepted and the members can't be read.
    """
    return frozenset(row for row in rows if row[0] != "candidates")


def _is_right_or_says_why(scene: Scene, case: Case, reading: Reading, after: After) -> None:
    unread = reading.unread
    assert {one.edge for one in reading.edges} == {*EDGES, *ASSIGNED_EDGES}
    needed = {one.edge for one in reading.edges if one.required}
    assert needed >= REQUIRED_EDGES
    assert after.complete is needed.isdisjoint(unread)
    assert reading.stopped is None or not unread or not after.complete
    if after.complete:
        assert after.digest == scene.calm.digest
        assert after.snapshot > scene.snapshot
    else:
        assert after.asks_for_help
        assert after.snapshot == scene.snapshot
    if unread:
        expected = _rest_on(case.place.edges)
        assert reading.stopped is not None or set(unread) <= expected
        # of several edges some may not come as far as the fault: their first page was the last
        assert len(case.place.edges) > 1 or expected <= set(unread)
    for reason in unread.values():
        assert "\n" not in reason
        assert advice_of(reason)
        _names_its_code(case, reason)


def _rest_on(edges: tuple[str, ...]) -> set[str]:
    """Return what can't be read whole without these edges."""
    if edges == ("node",):
        return {*EDGES, *ASSIGNED_EDGES}
    return {*edges, *(ASSIGNED_EDGES if set(edges) & set(MEMBER_KINDS) else ())}


def _names_its_code(case: Case, reason: str) -> None:
    code = case.trouble.entry.get("code")
    if code is not None:
        assert f"(code {code}" in reason
        # Meta sends that one without a trace (meta-graph-api.md §3)
        assert ("fbtrace_id ASandbox" in reason) is (case.trouble.entry.get("message") != REDUCE)


def _is_on_the_page(scene: Scene, case: Case, reading: Reading) -> None:
    edge = case.place.edges[0]
    reason = next(iter(reading.unread.values()), None) if edge == "node" else reading.unread.get(edge)
    found = Outcome(
        trouble=case.trouble.name,
        often=case.often,
        column=case.place.column,
        edge=edge,
        word=_word(scene, case, reading),
        advice=None if reason is None else advice_of(reason),
    )
    if scene.outcomes is None:
        assert told_by_the_page(found) == (found.word, found.advice)
        return
    with scene.outcomes.open("a") as file:
        file.write(json.dumps(found._asdict()) + "\n")


def _word(scene: Scene, case: Case, reading: Reading) -> str:
    if reading.unread:
        return "stops" if reading.stopped else "unread"
    if reading.content() != scene.calm_reading.content():
        return "fewer fields"
    if reading.waited:
        return "waits"
    return "asks again" if reading.traffic.calls > scene.calls(case) else "right"
