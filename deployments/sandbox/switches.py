"""How Meta behaves where the sources leave it open; `GET` and `POST /_admin/switches`."""

from dataclasses import asdict, dataclass, field, fields


class SwitchError(ValueError):
    """No such switch, or not a value it can have."""


@dataclass(slots=True)
class Switches:
    """The friendly defaults (design §12) and what else there is.

    empty_nested: a nested edge without rows is `sent` as {"data": []}, `omitted`, or `forbidden`: omitted for
        want of permission. From the answer itself a client can't tell the last two apart.
    forbidden_direct: what a member's empty assigned edge says under `forbidden` to its own request:
        `answered` (rightly, with no rows) or `refused` (200).
    expansion: `on`, or `refused` for every edge.
    require_proof: the app has "Require App Secret" on: no call without appsecret_proof (§6).
    max_limit: a larger `limit` is cut to this one; no source names Meta's (§3).
    reduce_above: a larger `limit` is answered with code 1 "reduce the amount of data" (§3); 0: never.
    hidden_fields: names that are left out of every answer, whoever asks (§3).
    usage_headers: whether they are sent; Meta does so "once enough calls have been made" (§5).
    app_version: the version of calls without one (§7).
    """

    empty_nested: str = "sent"
    forbidden_direct: str = "answered"
    expansion: str = "on"
    require_proof: bool = False
    max_limit: int = 5000
    reduce_above: int = 0
    hidden_fields: list[str] = field(default_factory=list)
    usage_headers: bool = True
    app_version: str = "v26.0"

    def set(self, values: object) -> None:
        """Change some switches; all or none."""
        if not isinstance(values, dict):
            raise SwitchError("switches must be an object {name: value}")
        for name, value in values.items():
            self._check(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def values(self) -> dict[str, object]:
        """Return every switch with its value."""
        return asdict(self)

    def _check(self, name: str, value: object) -> None:
        known = {one.name for one in fields(self)}
        if name not in known:
            raise SwitchError(f"no switch {name!r}; there are {', '.join(sorted(known))}")
        allowed = _CHOICES.get(name)
        if allowed is not None and value not in allowed:
            raise SwitchError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
        kind = type(getattr(self, name))
        if type(value) is not kind:
            raise SwitchError(f"{name} must be of type {kind.__name__}, not {value!r}")
        if isinstance(value, list) and not all(isinstance(one, str) for one in value):
            raise SwitchError(f"{name} must be a list of names")


_CHOICES = {
    "empty_nested": ("sent", "omitted", "forbidden"),
    "forbidden_direct": ("answered", "refused"),
    "expansion": ("on", "refused"),
    "app_version": ("v24.0", "v25.0", "v26.0"),
}
