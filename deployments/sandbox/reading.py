"""Answering reads: a node, a page of an edge, and edges inside nodes to any depth (meta-graph-api.md §3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from deployments.sandbox import auth, errors, faults
from deployments.sandbox.call import Call
from deployments.sandbox.faults import Fault, Page
from deployments.sandbox.paging import Wanted, cursor_at, next_url, place_of, wanted
from deployments.sandbox.plans import Nested, Plan
from deployments.sandbox.schema import Edge
from deployments.sandbox.switches import Switches
from deployments.sandbox.world import World

Object = dict[str, object]

_SHORT = 100  # rows; what a member holds is quicker to list again than to keep, 100,000 members over


class Refused(Exception):
    """A fault of the schedule refuses the call: the error, and the fault for its usage headers."""

    def __init__(self, error: errors.GraphError, fault: Fault) -> None:
        super().__init__(str(error))
        self.error, self.fault = error, fault


class NullItem(Exception):
    """This batch item is answered `null`."""


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
            self.strike(call, "node", call.how, None)
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
            how: faults.How = "nested" if nested else call.how
            struck = self.strike(call, edge.name, how, limit)
            if any(fault.fault == "nested_omitted" for fault in struck):
                return None
            limit = min([limit, *(fault.keep for fault in struck if fault.fault == "nested_cut")])
        if 0 < self.switches.reduce_above < asked.limit:
            raise errors.reduce_data()
        elements = self._elements(edge, node, filters)
        if not elements and self._is_withheld(edge, nested):
            return None
        page = _window(elements, edge, asked, limit)
        for fault in struck:
            if fault.fault in faults.BENDS:
                faults.BENDS[fault.fault](page, fault)
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

    def strike(self, call: Call, edge: str, how: faults.How, limit: int | None) -> list[Fault]:
        """Let the schedule hit this reading: raise its refusal, or return the faults that bend the page."""
        struck = faults.hits(self.faults, edge, call.method, how, limit)
        for fault in struck:
            if fault.fault == "slow":
                call.exchange.delay_s += fault.seconds
            elif fault.fault in faults.ON_THE_WIRE:
                call.exchange.spoiled = fault
            elif fault.fault == "null_item":
                raise NullItem
            elif fault.fault in ("code", "item_error"):
                raise Refused(errors.coded(fault.code or 2, fault.subcode, fault.message), fault)
            elif fault.fault == "cursor_past_end":
                raise Refused(errors.cursor_past_end(), fault)
            elif fault.fault == "no_expansion":
                raise Refused(errors.not_expandable(edge), fault)
        return struck

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


def _window(elements: Sequence[Any], edge: Edge, asked: Wanted, limit: int) -> Page:
    """Cut the page that `after` or `before` and the limit mean."""
    total = len(elements)
    start, stop = 0, min(limit, total)
    if asked.after is not None:
        start = place_of(asked.after, elements, edge.id_of) + 1
        stop = min(start + limit, total)
    elif asked.before is not None:
        stop = max(place_of(asked.before, elements, edge.id_of), 0)
        start = max(stop - limit, 0)
    inside = list(elements[start:stop])
    before = after = ""
    if inside:
        before = cursor_at(start, edge.id_of(inside[0]))
        after = cursor_at(start + len(inside) - 1, edge.id_of(inside[-1]))
    return Page(inside, start, total, stop < total and bool(inside), before, after, asked.after)
