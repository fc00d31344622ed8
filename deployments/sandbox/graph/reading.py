"""Answering reads: a node, a page of an edge, and edges inside nodes to any depth (meta-graph-api.md §3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from deployments.sandbox.faults.schedule import Fault, How
from deployments.sandbox.graph import auth, errors
from deployments.sandbox.graph.call import Call
from deployments.sandbox.graph.nodes import ASSET_TYPES
from deployments.sandbox.graph.paging import Page, Wanted, cut_page, next_url, wanted
from deployments.sandbox.graph.plans import Nested, Plan
from deployments.sandbox.graph.schema import Edge
from deployments.sandbox.graph.strikes import bend, strike
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import World

Object = dict[str, object]

_SHORT = 100  # rows; what a member holds is quicker to list again than to keep, 100,000 members over


class Reader:
    """Reads the world as one switchable Meta."""

    def __init__(self, world: World, switches: Switches) -> None:
        self.world, self.switches = world, switches
        self.faults: list[Fault] = []
        self._listings: dict[tuple[str, str], Sequence[Any]] = {}
        self._listings_of = world.version

    def node(self, call: Call, plan: Plan, node: Any) -> Object:
        """Return a node with the fields of the plan."""
        if self.faults:
            strike(self.faults, call, "node", call.how, None)
        return self.row(call, plan, node)

    def edge(self, call: Call, plan: Plan, node: Any, edge: Edge) -> Object:
        """Return the page of an edge that a call asks for."""
        for name in edge.required:
            if not call.params.get(name):
                raise errors.parameter_required(name)
        if call.token is None or not auth.may(call.token, edge.scopes):
            raise errors.missing_scope(edge.scopes[0])
        filters = {name: call.params[name] for name in edge.filters if name in call.params}
        asked = wanted(call.params)
        page = self._page(call, node, edge, asked, filters, nested=None)
        if page is None:  # never for an own request
            raise errors.not_visible(node.id)
        return self._json(call, plan, page, asked, f"{node.id}/{edge.name}", call.params)

    def row(self, call: Call, plan: Plan, element: Any) -> Object:
        """Return one node as the plan wants it; values that are None are left out."""
        node = element[0] if plan.paired else element
        made: Object = {key: value for key, read in plan.columns if (value := read(node)) is not None}
        for key, read in plan.edge_columns:
            if (value := read(element)) is not None:
                made[key] = value
        for key, read, inner in plan.refs:
            if (target := read(node)) is not None:
                made[key] = self.row(call, inner, target)
        for nested in plan.nested:
            if (value := self._nested(call, node, nested)) is not None:
                made[nested.key] = value
        return made

    def _nested(self, call: Call, node: Any, nested: Nested) -> Object | None:
        edge = nested.edge
        # design §12 counts "expanded nodes": here an edge of a node, since that is what a batch item would be
        call.exchange.parts += 1
        if self.switches.expansion == "refused":
            raise errors.not_expandable(edge.name)
        for name in edge.required:
            if name not in nested.filters:
                raise errors.parameter_required(name)
        if call.token is None or not auth.may(call.token, edge.scopes):
            return None  # §3: for want of permission, silently
        page = self._page(call, node, edge, nested.wanted, nested.filters, nested)
        if page is None:
            return None
        query = {"access_token": call.params.get("access_token", ""), "limit": str(nested.wanted.limit)}
        if page.has_next:
            query |= {**nested.filters, **({"fields": nested.fields_text} if nested.fields_text else {})}
        return self._json(call, nested.plan, page, nested.wanted, f"{node.id}/{edge.name}", query)

    def _page(
        self,
        call: Call,
        node: Any,
        edge: Edge,
        asked: Wanted,
        filters: Mapping[str, str],
        nested: Nested | None,
    ) -> Page | None:
        struck: Sequence[Fault] = ()
        limit = min(asked.limit, self.switches.max_limit)
        if self.faults:
            how: How = "nested" if nested else call.how
            struck = strike(self.faults, call, edge.name, how, limit)
            if any(fault.fault == "nested_omitted" for fault in struck):
                return None
            limit = min([limit, *(fault.keep for fault in struck if fault.fault == "nested_cut")])
        if 0 < self.switches.reduce_above < asked.limit:
            raise errors.reduce_data()
        elements = self._elements(edge, node, filters)
        if call.sees is not None and edge.row_type in ASSET_TYPES:
            elements = [one for one in elements if edge.id_of(one) in call.sees]
        if not elements and self._is_withheld(edge, nested):
            return None
        page = cut_page(elements, edge.id_of, asked, limit)
        bend(page, struck)
        return page

    def _is_withheld(self, edge: Edge, nested: Nested | None) -> bool:
        if nested is not None:
            return self.switches.empty_nested != "sent"
        # The same edge by its own request: a member's, so that other empty listings stay readable.
        refused = self.switches.empty_nested == "forbidden" and self.switches.forbidden_direct == "refused"
        if refused and edge.name.startswith("assigned_") and edge.name != "assigned_users":
            raise errors.missing_scope(edge.scopes[0])
        return False

    def _elements(self, edge: Edge, node: Any, filters: Mapping[str, str]) -> Sequence[Any]:
        if filters:
            return edge.rows(node, filters)
        if self._listings_of != self.world.version:
            self._listings.clear()
            self._listings_of = self.world.version
        key = (node.id, edge.name)
        found = self._listings.get(key)
        if found is None:
            found = edge.rows(node, filters)
            if edge.kept or len(found) > _SHORT:
                self._listings[key] = found
        return found

    def _json(
        self, call: Call, plan: Plan, page: Page, asked: Wanted, path: str, query: Mapping[str, str]
    ) -> Object:
        if plan.is_flat and not plan.paired and not plan.edge_columns:
            columns = plan.columns
            rows = [
                {key: value for key, read in columns if (value := read(node)) is not None}
                for node in page.elements
            ]
        else:
            rows = [self.row(call, plan, element) for element in page.elements]
        made: Object = {"data": rows}
        if rows or page.has_next:  # §3: an empty page comes without `paging`
            made["paging"] = self._paging(call, page, path, query)
        if asked.summary:
            made["summary"] = {"total_count": page.total}
        return made

    def _paging(self, call: Call, page: Page, path: str, query: Mapping[str, str]) -> Object:
        paging: Object = {"cursors": {"before": page.before, "after": page.after}}
        base, version = call.exchange.base_url, call.served_version
        if page.has_next:
            paging["next"] = next_url(base, version, path, query, after=page.after)
        if page.start > 0:
            paging["previous"] = next_url(base, version, path, query, before=page.before)
        return paging
