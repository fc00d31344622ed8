"""Answering writes: whether the caller may, what Meta then does, what it says (meta-graph-api.md §1, §3)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from deployments.sandbox.clock import Clock
from deployments.sandbox.graph import (
    errors,
    refusals,
    writes_access,
    writes_assets,
    writes_partners,
    writes_people,
)
from deployments.sandbox.graph.act import Act, Write, says_token
from deployments.sandbox.graph.call import Call
from deployments.sandbox.graph.nodes import type_of
from deployments.sandbox.graph.plans import Plan, Planner
from deployments.sandbox.graph.reading import Reader
from deployments.sandbox.graph.strikes import strike_after, strike_before
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import Business, Token, User, World
from deployments.sandbox.world.tasks_at_meta import CONTROL_TASKS

WRITES: Mapping[tuple[str, str, str | None], Write] = {
    **writes_people.WRITES,
    **writes_access.WRITES,
    **writes_partners.WRITES,
    **writes_assets.WRITES,
}


class Writer:
    """Changes the world as one switchable Meta."""

    def __init__(
        self, world: World, clock: Clock, switches: Switches, reader: Reader, planner: Planner
    ) -> None:
        self.world, self.clock, self.switches = world, clock, switches
        self._reader, self._planner = reader, planner

    def write(self, call: Call, token: Token, node: Any) -> dict[str, object]:
        """Do what a call asks for, and say so; raise Meta's refusal.

        A fault hits before the write or after it, as the schedule says (strikes.py).
        """
        edge = call.path[1] if len(call.path) > 1 else None
        write = self._found(call, node, edge)
        struck = strike_before(self._reader.faults, call, edge or "node") if self._reader.faults else ()
        by = self._admitted(token, write, node)
        plan = self._plan(call, write, node)
        self.clock.bring_world_up()
        made = write.do(Act(self.world, self.switches, call.params, node, edge, by))
        strike_after(struck, call)
        return write.says(made) if plan is None else self._reader.row(call, plan, made)

    def _found(self, call: Call, node: Any, edge: str | None) -> Write:
        """Return the write; what a node or edge doesn't offer is refused as 100/33, with the verb in it."""
        key = (call.method, type_of(node), edge)
        if len(call.path) > 2 or (edge is not None and not self._is_edge(key)):
            raise errors.unknown_path("/".join(call.path[1:]))
        if key in writes_assets.NOT_PLAYED:
            raise refusals.not_for_this_app()
        if key not in WRITES:
            raise errors.not_visible(node.id, call.method.lower())
        return WRITES[key]

    def _is_edge(self, key: tuple[str, str, str | None]) -> bool:
        known = (*_of_type(WRITES, key[1]), *_of_type(writes_assets.NOT_PLAYED, key[1]))
        return key[2] in known or key[2] in self._planner.types[key[1]].edges

    def _plan(self, call: Call, write: Write, node: Any) -> Plan | None:
        """Return how to read what was written (§3, read-after-write), checked before it is."""
        fields = call.params.get("fields")
        if call.method != "POST" or not fields or write.says is says_token:
            return None
        made = write.makes(self.switches) if write.makes else type_of(node)
        return self._planner.plan(made, None, fields, call.hidden)

    def _admitted(self, token: Token, write: Write, node: Any) -> User:
        """Return who writes, or raise why they may not. The order of the reasons is an assumption."""
        if token.app_id != self.world.app_id:
            raise refusals.not_for_this_app()
        if self.switches.writes_blocked:
            raise refusals.blocked()
        _check_scopes(token, write)
        if isinstance(node, Business) and node.id != self.world.business.id:
            raise errors.missing_scope("business_management")  # as on reads: a partner's is not ours
        if token.profile_id not in (None, node.id):
            raise errors.not_visible(node.id, "post")  # a Page's token is for that Page
        user = self.world.users.get(token.user_id or "")
        if user is None:
            raise refusals.not_in_charge()
        self._check_user(user, write, node)
        return user

    def _check_user(self, user: User, write: Write, node: Any) -> None:
        if not user.is_system and self._lacks_second_factor(user):
            raise refusals.two_factor_required()
        if user.role != "ADMIN" and not (write.by_controller and self._controls(user, node)):
            raise refusals.not_in_charge()  # §1.3: a plain system user "only uses assets it was given"
        if user.is_system and self._is_new(user):
            raise refusals.not_allowed()

    def _lacks_second_factor(self, user: User) -> bool:
        policy = self.world.business.extra.get("two_factor_type", "none")
        asked = policy == "all_required" or (policy == "admin_required" and user.role == "ADMIN")
        return asked and user.two_fac_status != "enabled"

    def _controls(self, user: User, node: Any) -> bool:
        """§1.5: a person with MANAGE on the Page may write its assigned users; so elsewhere (assumption)."""
        return bool(CONTROL_TASKS.intersection(self.world.grants.get(user.id, {}).get(node.id, ())))

    def _is_new(self, user: User) -> bool:
        days = self.switches.new_system_user_days
        since = user.created_time
        return days > 0 and since is not None and since + timedelta(days=days) > self.clock.now()


def _check_scopes(token: Token, write: Write) -> None:
    needed = ("business_management", write.scope)
    # §1.5: a Page's own token needs the Page's scope alone
    for scope in needed[1:] if token.kind == "PAGE" and write.by_controller else needed:
        if scope not in token.scopes:
            raise errors.missing_scope(scope)


def _of_type(writes: Iterable[tuple[str, str, str | None]], node_type: str) -> list[str | None]:
    return [edge for _, kind, edge in writes if kind == node_type]
