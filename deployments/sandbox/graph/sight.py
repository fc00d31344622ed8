"""What a token doesn't see (meta-graph-api.md §1.3, §3, §8.3), by its scopes, its user and the switches."""

from collections.abc import Container
from typing import Any

from deployments.sandbox.graph import auth
from deployments.sandbox.graph.call import Call
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import Asset, Token, User, World


def assets_seen(world: World, switches: Switches, token: Token) -> Container[str] | None:
    """Return the ids of the assets that a token sees; None: all.

    §1.3: a plain system user only uses assets it was given. Assumption: it then sees no others at all, not in
    the hub's listings either, while people and invitations stay readable.
    """
    if switches.system_user_sees == "all":
        return None
    user = world.users.get(token.user_id or "")
    if user is None or not user.is_system or user.role == "ADMIN":
        return None
    return world.grants.get(user.id, {})


def hidden_names(switches: Switches, call: Call, token: Token) -> frozenset[str]:
    """Return the names of the fields that are left out."""
    hidden = auth.hidden_from(token) | frozenset(switches.hidden_fields)
    if switches.other_users == "without_email" and call.path != [token.user_id]:
        return hidden | {"email", "pending_email"}  # assumption: also of the own row in a listing
    return hidden


def is_hidden(switches: Switches, call: Call, token: Token, node: Any) -> bool:
    """Tell whether a node answers this call as if there were none."""
    if isinstance(node, Asset):
        return call.sees is not None and node.id not in call.sees
    if switches.other_users == "visible" or not isinstance(node, User) or node.is_system:
        return False
    reads_a_node = call.method == "GET" and len(call.path) < 2
    return switches.other_users == "refused" and reads_a_node and node.id != token.user_id
