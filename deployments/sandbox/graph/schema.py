"""What a node type and an edge are: fields that can be asked for, listings that can be walked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

Getter = Callable[[Any], object]  # the value, or None: the field is left out, as Meta does (§3)


@dataclass(frozen=True, slots=True)
class Ref:
    """A field that holds another node; without braces it is answered with that type's short form."""

    node_type: str
    get: Getter


@dataclass(frozen=True, slots=True)
class Edge:
    """A listing under a node.

    `rows` gives the elements in Meta's order for a node and the filters of the call. An element is the listed
    node, or with `paired` a (node, tasks) pair, and the edge's own fields (`role`, `tasks`) are read from the
    node, or from the tasks.
    """

    name: str
    row_type: str
    rows: Callable[[Any, Mapping[str, str]], Sequence[Any]]
    fields: Mapping[str, Getter] = field(default_factory=dict)
    default: tuple[str, ...] = ()  # edge fields that are sent without being asked for
    paired: bool = False
    kept: bool = True  # whether a listing is kept until the world changes, however short
    filters: tuple[str, ...] = ()  # parameters that choose rows
    required: tuple[str, ...] = ()  # parameters without which Meta answers 100
    scopes: tuple[str, ...] = ("business_management",)  # any of these (§1.8)
    id_of: Callable[[Any], str] = attrgetter("id")


@dataclass(frozen=True, slots=True)
class NodeType:
    """A kind of node: `known` are the fields that Meta has and this world has no value for."""

    name: str
    fields: Mapping[str, Getter | Ref]
    default: tuple[str, ...]
    known: frozenset[str] = frozenset()
    short: tuple[str, ...] = ("id", "name")  # as a field of another node
    edges: dict[str, Edge] = field(default_factory=dict)
