"""The Graph API: from a call to its answer (meta-graph-api.md §1, §3, §7). Knows no HTTP; web.py does."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from deployments.sandbox.clock import Clock
from deployments.sandbox.faults.schedule import Fault
from deployments.sandbox.graph import auth, errors, refusals
from deployments.sandbox.graph.call import Answer, Call
from deployments.sandbox.graph.edges import attach_edges
from deployments.sandbox.graph.headers import CALLS_PER_HOUR, answer_headers
from deployments.sandbox.graph.nodes import node_types, type_of
from deployments.sandbox.graph.plans import Planner
from deployments.sandbox.graph.reading import Reader
from deployments.sandbox.graph.sight import assets_seen, hidden_names, is_hidden
from deployments.sandbox.graph.strikes import Refused, strike
from deployments.sandbox.graph.versions import split_version, usable_version
from deployments.sandbox.graph.writing import Writer
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import Business, Token, World

_LIMITS = frozenset({4, 17, 32, 613, 80004})  # §5: told to wait, by headers that say how long
_MAX_IDS = 50  # of a multi-get; assumption: no source names a maximum (§3)


class Graph:
    """Answers calls about one world."""

    def __init__(self, world: World, clock: Clock, switches: Switches) -> None:
        self.world, self.clock, self.switches = world, clock, switches
        self.reader = Reader(world, switches)
        self.calls = 0
        self._types = node_types(world, clock)
        attach_edges(world, self._types)
        self._planner = Planner(self._types)
        self._writer = Writer(world, clock, switches, self.reader, self._planner)
        self._traces = count(1)
        self.limited_until: datetime | None = None  # by Meta's clock, while a limit of the schedule lasts

    def answer(self, call: Call) -> Answer:
        """Return the answer to one call: an own request, or an item of a batch."""
        self.calls += 1
        call.exchange.calls += 1
        try:
            return self.sent(call, self._answer(call))
        except Refused as refused:
            self._note_limit(refused.fault)
            return self.refuse(call, refused.error, refused.fault)
        except errors.GraphError as error:
            return self.refuse(call, error)

    def sent(self, call: Call, body: object) -> Answer:
        """Return an answer that says what was asked for."""
        return Answer(200, body, self._headers(call, self._trace(), None))

    def refuse(self, call: Call, error: errors.GraphError, fault: Fault | None = None) -> Answer:
        """Return an answer that says why not."""
        trace_id = self._trace()
        return Answer(error.status, error.body(trace_id), self._headers(call, trace_id, fault))

    def is_limited(self) -> bool:
        """Tell whether a limit lasts: who calls now hammers."""
        return self.limited_until is not None and self.clock.now() < self.limited_until

    def _note_limit(self, fault: Fault) -> None:
        if fault.code in _LIMITS and fault.headers:
            self.limited_until = self.clock.now() + timedelta(minutes=fault.minutes)

    def _trace(self) -> str:
        return f"ASandbox{next(self._traces):012d}"

    def _headers(self, call: Call, trace_id: str, fault: Fault | None) -> list[tuple[str, str]]:
        return answer_headers(
            call,
            business_id=self.world.business.id,
            trace_id=trace_id,
            percent=self.switches.usage_percent or self.calls * 100 // CALLS_PER_HOUR,
            usage=self.switches.usage_headers,
            limit=fault,
        )

    def admit(self, call: Call) -> Token:
        """Check version and token of a call, and note what they mean for it; raise Meta's refusal."""
        call.served_version = self.switches.app_version  # §7: what answers calls without a version
        version, call.path = split_version(call.path)
        call.version = version
        call.ads = self._is_on_ads(call.path)
        asked = version or self.switches.app_version
        call.served_version = usable_version(asked, self.clock.now(), ads=call.ads)
        token = auth.authenticate(
            self.world, call.params, now=self.clock.now(), require_proof=self.switches.require_proof
        )
        call.token = token
        call.hidden = hidden_names(self.switches, call, token)
        call.sees = assets_seen(self.world, self.switches, token)
        return token

    def _answer(self, call: Call) -> object:
        token = self.admit(call)
        if call.path == ["debug_token"] and call.method == "GET":
            return self._debug_token(call, token)
        if call.method != "GET":
            return self._write(call, token)
        if not call.path:
            return self._many(call)
        if call.path[0] == "me":
            return self._me(call, token)
        node = self._find(call, call.path[0])
        return self._node(call, node) if len(call.path) == 1 else self._edge(call, node)

    def _write(self, call: Call, token: Token) -> dict[str, object]:
        if not call.path:
            raise refusals.nothing_there(call.method.lower())
        if call.path[0] == "me":
            call.path = [token.profile_id or token.user_id or "me", *call.path[1:]]
        return self._writer.write(call, token, self._find(call, call.path[0]))

    def _node(self, call: Call, node: Any) -> dict[str, object]:
        plan = self._planner.plan(type_of(node), None, call.params.get("fields", ""), call.hidden)
        return self.reader.node(call, plan, node)

    def _edge(self, call: Call, node: Any) -> dict[str, object]:
        edge = self._types[type_of(node)].edges.get(call.path[1])
        if edge is None or len(call.path) > 2:
            raise errors.unknown_path("/".join(call.path[1:]))
        plan = self._planner.plan(edge.row_type, edge, call.params.get("fields", ""), call.hidden)
        return self.reader.edge(call, plan, node, edge)

    def _many(self, call: Call) -> dict[str, object]:
        """Answer `GET /?ids=` (§3): an object keyed by id; one bad id fails the whole call."""
        ids = [one for one in call.params.get("ids", "").split(",") if one]
        if not ids:
            raise errors.GraphError(
                100, "Unsupported get request. Please read the Graph API documentation", subcode=33
            )
        if len(ids) > _MAX_IDS:
            raise errors.GraphError(100, f"(#100) Too many IDs. Maximum: {_MAX_IDS}. Provided: {len(ids)}")
        self.calls += len(ids) - 1  # §3: each id counts as one call
        call.exchange.calls += len(ids) - 1
        nodes = {one: self._lookup(call, one) for one in ids}
        missing = [one for one, node in nodes.items() if node is None]
        if missing:
            raise errors.unknown_alias(",".join(missing))
        return {one: self._node(call, node) for one, node in nodes.items()}

    def _me(self, call: Call, token: Token) -> object:
        """Answer `/me` and its edges for the token's user (§1.8)."""
        user = self._lookup(call, token.profile_id or token.user_id or "")
        edge = call.path[1] if len(call.path) > 1 else None
        if edge == "permissions":
            return {"data": [{"permission": scope, "status": "granted"} for scope in token.scopes]}
        if user is None:
            # Assumption: an app's own token has no user behind it
            raise errors.GraphError(
                2500, "An active access token must be used to query information about the current user."
            )
        if edge is None:
            return self._node(call, user)
        if edge == "businesses":
            auth_ok = auth.may(token, ("business_management",))
            return {"data": [self._node(call, self.world.business)] if auth_ok else []}
        if edge == "business_users":
            # §1.8: how a person learns their business user's id; the world knows no user beside it
            return {"data": [self._node(call, user)] if type_of(user) == "BusinessUser" else []}
        # §1.8: the Pages one has a task on, with the tasks; so the SDK's get_ad_accounts (assumption)
        edge = {"accounts": "assigned_pages", "adaccounts": "assigned_ad_accounts"}.get(edge, edge)
        call.path = [user.id, edge, *call.path[2:]]
        return self._edge(call, user)

    def _debug_token(self, call: Call, token: Token) -> dict[str, object]:
        if self.reader.faults:
            strike(self.reader.faults, call, "debug_token", call.how, None)
        given = call.params.get("input_token")
        if not given:
            raise errors.parameter_required("input_token")
        return {"data": auth.described(self.world, given, token, self.clock.now())}

    def _find(self, call: Call, node_id: str) -> Any:
        node = self._lookup(call, node_id)
        if node is not None:
            return node
        if node_id.removeprefix("act_").isdigit():
            raise errors.not_visible(node_id, call.method.lower())
        raise errors.unknown_alias(node_id)  # §4, 803: no number

    def _lookup(self, call: Call, node_id: str) -> Any:
        node = self._node_of(node_id)
        if call.token is None or (call.sees is None and self.switches.other_users == "visible"):
            return node
        return None if is_hidden(self.switches, call, call.token, node) else node

    def _node_of(self, node_id: str) -> Any:
        world = self.world
        if node_id == world.business.id:
            return world.business
        for nodes in (world.users, world.assets, world.invites, world.agencies, world.clients):
            if (node := nodes.get(node_id)) is not None:
                return node
        # A business that shares assets with ours is visible as the owner of those.
        owned = (one.owner_business for one in world.assets.values() if one.is_client)
        return Business(node_id, "") if node_id in owned else None

    def _is_on_ads(self, path: list[str]) -> bool:
        # §5, §7: what counts as Marketing API is an assumption: ad accounts, and the edges that list them
        return bool(path) and (path[0].startswith("act_") or (len(path) > 1 and "ad_account" in path[1]))
