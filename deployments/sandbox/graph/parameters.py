"""Reading the parameters of a write (meta-graph-api.md §9.7: lists and booleans are JSON text)."""

from collections.abc import Collection, Mapping

from deployments.sandbox.graph import errors, refusals
from deployments.sandbox.graph.json_text import from_json

Params = Mapping[str, str]

_MAX_ADDRESS = 254  # characters of an e-mail address


def required(params: Params, name: str) -> str:
    """Return a parameter that must be there."""
    value = params.get(name, "").strip()
    if not value:
        raise errors.parameter_required(name)
    return value


def one_of(params: Params, name: str, allowed: Collection[str]) -> str | None:
    """Return a parameter that has only these values, or None without it."""
    value = params.get(name)
    if value is not None and value not in allowed:
        raise refusals.not_one_of(name, allowed)
    return value


def flag(params: Params, name: str) -> bool:
    """Return a boolean; False without it."""
    value = params.get(name, "false").lower()
    if value not in ("true", "false", "1", "0", ""):
        raise errors.bad_parameter(name, "a boolean")
    return value in ("true", "1")


def texts(params: Params, name: str) -> tuple[str, ...] | None:
    """Return a list of texts, each once, or None without it: a JSON array, or names between commas."""
    given = params.get(name)
    if given is None:
        return None
    if given.lstrip()[:1] not in ("[", "{", '"'):
        return tuple(dict.fromkeys(one.strip() for one in given.split(",") if one.strip()))
    try:
        found = from_json(given)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str | int) for one in found):
        raise errors.bad_parameter(name, "an array")
    return tuple(dict.fromkeys(map(str, found)))


def names(params: Params, name: str, allowed: Collection[str]) -> tuple[str, ...] | None:
    """Return a list of which Meta knows every value, or None without it."""
    found = texts(params, name)
    for place, one in enumerate(found or ()):
        if one not in allowed:
            raise refusals.not_in_enum(f"{name}.{place}", one, allowed)
    return found


def number(params: Params, name: str) -> str:
    """Return an id that must be there."""
    value = required(params, name)
    if not (value.isascii() and value.isdigit()):
        raise errors.bad_parameter(name, "an integer")
    return value


def address(params: Params, name: str) -> str:
    """Return an e-mail address that must be there."""
    value = required(params, name)
    local, _, domain = value.rpartition("@")
    odd = any(one.isspace() or not one.isprintable() for one in value)
    if not local or "." not in domain or odd or len(value) > _MAX_ADDRESS:
        raise errors.bad_parameter(name, "a valid email address")
    return value
