"""Our app as Meta shows it, and the edges of a business that list it (meta-graph-api.md §1.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from deployments.sandbox.graph.schema import Edge, NodeType, Ref
from deployments.sandbox.world import Business, World
from deployments.sandbox.world.activities import APP_NAME


@dataclass(frozen=True, slots=True)
class App:
    """An app at Meta."""

    id: str
    name: str


def app_types(world: World) -> tuple[NodeType, NodeType]:
    """Return both types as the SDK (26.0.3) has them; default fields are an assumption."""
    app = {"id": attrgetter("id"), "name": attrgetter("name")}
    request: dict[str, Any] = {
        "id": lambda one: f"{one.id}0",
        "application": Ref("Application", lambda _: our_app(world)),
    }
    return (
        NodeType("Application", app, default=("id", "name"), known=frozenset({"link"})),
        NodeType("BusinessApplicationRequest", request, default=("id", "application")),
    )


def app_edges(world: World, only_ours: Callable[[World, Business], None]) -> list[Edge]:
    """Return the edges: §1.1 has the first two, the SDK (26.0.3) the third (what was asked for)."""

    def apps(state: str) -> Any:
        def rows(business: Business, _: object) -> list[App]:
            only_ours(world, business)
            return [our_app(world)] if world.app_in_business == state else []

        return rows

    return [
        Edge("owned_apps", "Application", apps("owned"), kept=False),
        Edge("client_apps", "Application", apps("shared"), kept=False),
        Edge("pending_client_apps", "BusinessApplicationRequest", apps("requested"), kept=False),
    ]


def our_app(world: World) -> App:
    """Return the app that the hub's tokens belong to."""
    return App(world.app_id, APP_NAME)
