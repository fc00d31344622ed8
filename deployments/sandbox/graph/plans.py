"""From `fields` to a plan: which columns a row has, made once for a request and used for every row (§3)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from deployments.sandbox.graph import errors
from deployments.sandbox.graph.fields import Field, parse_fields
from deployments.sandbox.graph.paging import Wanted, wanted
from deployments.sandbox.graph.schema import Edge, Getter, NodeType, Ref

Columns = list[tuple[str, Getter]]


@dataclass(slots=True)
class Nested:
    """An edge that is answered inside its node: field expansion."""

    key: str
    edge: Edge
    plan: "Plan"
    wanted: Wanted
    filters: dict[str, str]
    fields_text: str


@dataclass(slots=True)
class Plan:
    """How a node becomes an object: values, values from the edge, nodes in fields, nested edges."""

    node_type: NodeType
    paired: bool = False
    columns: Columns = field(default_factory=list)
    edge_columns: Columns = field(default_factory=list)
    refs: list[tuple[str, Getter, "Plan"]] = field(default_factory=list)
    nested: list[Nested] = field(default_factory=list)

    @property
    def is_flat(self) -> bool:
        """Say whether a row is columns only: the quick case, and the usual one."""
        return not (self.refs or self.nested)


class Planner:
    """Makes plans, and keeps them: clients ask for the same fields thousands of times."""

    def __init__(self, types: Mapping[str, NodeType]) -> None:
        self.types = types
        self._made: dict[tuple[str, int, str, frozenset[str]], Plan] = {}

    def plan(self, type_name: str, edge: Edge | None, fields: str, hidden: frozenset[str]) -> Plan:
        """Return the plan for a node or for an edge's rows; raise GraphError for what can't be asked."""
        key = (type_name, id(edge), fields, hidden)  # two edges may share a name; all of them live on
        found = self._made.get(key)
        if found is None:
            if len(self._made) > 5000:  # `.after()` in the text makes every page of a nested edge a new one
                self._made.clear()
            found = self._made[key] = self._compile(type_name, edge, parse_fields(fields), hidden)
        return found

    def _compile(
        self, type_name: str, edge: Edge | None, fields: Iterable[Field], hidden: frozenset[str]
    ) -> Plan:
        kind = self.types[type_name]
        asked = list(fields) or [_plain(name) for name in kind.default + (edge.default if edge else ())]
        plan = Plan(kind, paired=edge is not None and edge.paired)
        for one in asked:
            self._add(plan, edge, one, hidden)
        if not any(one.name == "id" for one in asked) and "id" in kind.fields:
            self._add(plan, edge, _plain("id"), hidden)  # §3: id is always returned
        return plan

    def _add(self, plan: Plan, edge: Edge | None, asked: Field, hidden: frozenset[str]) -> None:
        kind = plan.node_type
        if edge is not None and asked.name in edge.fields:
            plan.edge_columns.append((asked.key, edge.fields[asked.name]))
        elif asked.name in kind.edges:
            plan.nested.append(self._nested(kind.edges[asked.name], asked, hidden))
        elif asked.name not in kind.fields and asked.name not in kind.known:
            raise errors.unknown_field(asked.name, kind.name)
        elif asked.name not in kind.fields or asked.name in hidden:
            return  # §3: what the token may not see is left out silently
        else:
            self._add_value(plan, asked, kind.fields[asked.name], hidden)

    def _add_value(self, plan: Plan, asked: Field, source: Getter | Ref, hidden: frozenset[str]) -> None:
        if not isinstance(source, Ref):
            plan.columns.append((asked.key, source))
            return
        below = asked.below or tuple(_plain(name) for name in self.types[source.node_type].short)
        inner = self._compile(source.node_type, None, below, hidden)
        if inner.is_flat:
            plan.columns.append((asked.key, _inlined(source.get, inner.columns)))
        else:
            plan.refs.append((asked.key, source.get, inner))

    def _nested(self, edge: Edge, asked: Field, hidden: frozenset[str]) -> Nested:
        plan = self._compile(edge.row_type, edge, asked.below or (), hidden)
        filters = {name: asked.args[name] for name in edge.filters if name in asked.args}
        return Nested(asked.key, edge, plan, wanted(asked.args), filters, asked.below_text)


def _plain(name: str) -> Field:
    return Field(name, name, {})


def _inlined(get: Getter, columns: Columns) -> Callable[[Any], object]:
    def value(node: Any) -> object:
        target = get(node)
        if target is None:
            return None
        return {key: found for key, read in columns if (found := read(target)) is not None}

    return value
