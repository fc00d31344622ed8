"""Which tasks people are given on an asset. All grants share these tuples, so a million stay small."""

from dataclasses import dataclass
from functools import cache

from deployments.sandbox.world.state import Asset

# A grant with one of these controls the asset (meta-graph-api.md §2, UI words: MANAGE, live FULL_CONTROL).
CONTROL_TASKS = frozenset({"MANAGE", "PROFILE_PLUS_FULL_CONTROL", "FULL_CONTROL"})


@dataclass(frozen=True, slots=True)
class Usual:
    """The sets that are given on one kind of asset: `full` has control; `partial`, commonest first, not."""

    full: tuple[str, ...]
    partial: tuple[tuple[str, ...], ...]


_PAGE = ("MANAGE", "CREATE_CONTENT", "MODERATE", "MESSAGING", "ADVERTISE", "ANALYZE")
_CLASSIC = Usual(
    _PAGE,
    (("ADVERTISE", "ANALYZE"), _PAGE[1:], ("ANALYZE",), ("MODERATE", "MESSAGING", "ANALYZE"), _PAGE[1:3]),
)
# §2, Page tasks: the PROFILE_PLUS_ words of the new Pages experience
_PLUS = tuple(f"PROFILE_PLUS_{word}" for word in ("FULL_CONTROL", "MANAGE", *_PAGE[1:]))
_PROFILE_PLUS = Usual(
    _PLUS, (_PLUS[5:], _PLUS[2:], _PLUS[6:], _PLUS[3:5], (*_PLUS[2:], "PROFILE_PLUS_REVENUE"))
)
# §1.5, second box: the vocabulary that one party saw live
_LIVE = Usual(
    ("FULL_CONTROL", "CONTENT", "MESSAGES", "COMMUNITY_ACTIVITY", "ADVERTISE", "ANALYZE"),
    (("ADVERTISE", "ANALYZE"), ("CONTENT", "MESSAGES", "COMMUNITY_ACTIVITY", "ANALYZE"), ("ANALYZE",)),
)
_BY_KIND = {  # §2: ad account and catalog tasks
    "ad_account": Usual(
        ("MANAGE", "ADVERTISE", "ANALYZE"),
        (("ADVERTISE", "ANALYZE"), ("ANALYZE",), ("ADVERTISE", "ANALYZE", "DRAFT"), ("DRAFT",)),
    ),
    "product_catalog": Usual(("MANAGE", "ADVERTISE"), (("ADVERTISE",),)),
    # Assumption: a group shows what its people get on the assets in it (§1.7 names only the parameters).
    "business_asset_group": Usual(
        ("MANAGE", "ADVERTISE", "ANALYZE"), (("ADVERTISE", "ANALYZE"), ("ANALYZE",))
    ),
}
_BY_VOCABULARY = {"classic": _CLASSIC, "profile_plus": _PROFILE_PLUS, "live": _LIVE}


def usual_tasks(asset: Asset) -> Usual:
    """Return the usual sets of tasks on the asset; on a client's, only what its owner allows us."""
    return _usual(asset.kind, asset.vocabulary, asset.permitted_tasks)


def expanded(asset: Asset, tasks: tuple[str, ...]) -> tuple[str, ...]:
    """Return what Meta may make of a grant (§1.5, one party's report; which tasks it adds is an assumption).

    Control brings the usual tasks of the asset, advertising brings analysis.
    """
    usual = usual_tasks(asset)
    found = dict.fromkeys(tasks)
    if CONTROL_TASKS.intersection(tasks):
        found |= dict.fromkeys(usual.full)
    for task in tasks:
        if task.endswith("ADVERTISE"):
            analysis = task.removesuffix("ADVERTISE") + "ANALYZE"
            found |= {analysis: None} if analysis in usual.full else {}
    return tuple(found)


def permitted_by_client(kind: str, *, limited: bool) -> tuple[str, ...]:
    """Return what a client lets our people do: everything, or less, but control of Pages and ad accounts."""
    full = _CLASSIC.full if kind == "page" else _BY_KIND[kind].full
    if not limited:
        return (*full, "DRAFT") if kind == "ad_account" else full
    return full[1:] if kind == "product_catalog" else tuple(task for task in full if task != "MESSAGING")


@cache
def _usual(kind: str, vocabulary: str, permitted: tuple[str, ...]) -> Usual:
    usual = _BY_VOCABULARY[vocabulary] if kind == "page" else _BY_KIND[kind]
    if not permitted:
        return usual
    cut = [tuple(task for task in tasks if task in permitted) for tasks in (usual.full, *usual.partial)]
    partial = tuple(dict.fromkeys(tasks for tasks in cut[1:] if tasks))
    return Usual(cut[0], partial or (cut[0],))
