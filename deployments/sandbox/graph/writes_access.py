"""Writes about access (meta-graph-api.md §1.5–1.7): who may do what on which asset."""

from deployments.sandbox.graph import errors, refusals
from deployments.sandbox.graph import parameters as read
from deployments.sandbox.graph.act import Act, Write, Writes
from deployments.sandbox.graph.nodes import TYPE_OF_KIND
from deployments.sandbox.graph.task_words import GROUP_TASKS, words_for
from deployments.sandbox.world import Asset, User
from deployments.sandbox.world.changes import give, take
from deployments.sandbox.world.tasks_at_meta import expanded

# §1.8; which scope Meta wants for which write is an assumption.
WRITE_SCOPES = {
    "page": "pages_manage_metadata",
    "ad_account": "ads_management",
    "product_catalog": "catalog_management",
    "business_asset_group": "business_management",
}


def assign(act: Act) -> Asset:
    """POST /{asset}/assigned_users: these tasks in place of the user's (§1.5, box 2: Meta replaces)."""
    asset: Asset = act.node
    user = _user(act)
    tasks = _group_tasks(act) if asset.kind == "business_asset_group" else _tasks(act, asset)
    check_permitted(asset, tasks)
    if act.switches.assigning == "merge":
        held = act.world.grants.get(user.id, {}).get(asset.id, ())
        tasks = tuple(dict.fromkeys((*held, *tasks)))
    if act.switches.expand_tasks:
        tasks = expanded(asset, tasks)
    give(act.world, user.id, asset.id, tasks, act.by)
    return asset


def revoke(act: Act) -> Asset:
    """DELETE /{asset}/assigned_users."""
    asset: Asset = act.node
    user = _user(act)
    if not take(act.world, user.id, asset.id, act.by) and act.switches.revoke_missing == "refused":
        raise refusals.nothing_to_take(3919 if asset.kind == "ad_account" else 100)
    return asset


def check_permitted(asset: Asset, tasks: tuple[str, ...]) -> None:
    """Refuse more than the owner of a client's asset permits."""
    beyond = [one for one in tasks if asset.permitted_tasks and one not in asset.permitted_tasks]
    if beyond:
        raise refusals.beyond_permitted(beyond)


def _user(act: Act) -> User:
    business = act.params.get("business")
    if not business and act.switches.business_on_writes == "required":
        raise errors.parameter_required("business")
    if business and business != act.world.business.id:
        raise errors.bad_parameter("business", "the id of a business that both belong to")  # assumption
    user = act.world.users.get(read.number(act.params, "user"))
    if user is None:
        # §1.5: "Business user id or system user id"; the wording is an assumption
        raise errors.bad_parameter("user", "the id of a business user or system user of the business")
    return user


def _tasks(act: Act, asset: Asset) -> tuple[str, ...]:
    tasks = read.names(act.params, "tasks", words_for(asset))
    if tasks is None:
        raise errors.parameter_required("tasks")
    if not tasks:
        # Assumption: a grant of nothing is no valid call. §1.6 lists 2620 for ad accounts.
        raise errors.coded(2620) if asset.kind == "ad_account" else errors.bad_parameter("tasks", "not empty")
    return tasks


def _group_tasks(act: Act) -> tuple[str, ...]:
    """Return the tasks for a group's people. Assumption: the group lists them all together (§1.7)."""
    parts = [read.names(act.params, name, words) or () for name, words in GROUP_TASKS.items()]
    tasks = tuple(dict.fromkeys(task for part in parts for task in part))
    if not tasks:
        raise errors.parameter_required(next(iter(GROUP_TASKS)))
    return tasks


WRITES: Writes = {
    (method, TYPE_OF_KIND[kind], "assigned_users"): Write(do, scope=scope, by_controller=True)
    for method, do in (("POST", assign), ("DELETE", revoke))
    for kind, scope in WRITE_SCOPES.items()
}
