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
    usage_percent: what the usage headers read, in percent; 0: as counted.
    app_version: the version of calls without one (§7).

    Of writes:
    business_on_writes: the parameter `business` of POST and DELETE assigned_users is `optional`, or
        `required`, as field reports say (§1.5).
    assigning: POST assigned_users and agencies puts the tasks in place of the user's (`replace`, §1.5), or
        adds them (`merge`).
    expand_tasks: Meta makes more of a grant than was asked for (§1.5).
    revoke_missing: taking away what isn't there is a `success`, or `refused` (§10: unknown).
    invite_again: a second invitation of an address is `refused` with 100, `resent` (the same id, a new
        expiry), or a `second` one beside the first (§1.4, §10: unknown).
    invite_answers: POST business_users tells the id of the `request`, or of the `user` to come (§1.1).
    invite_forbidden: the app may not invite: 10/2859030 (§8.1).
    writes_blocked: every write is "deemed abusive": 368.
    new_system_user_days: a system user younger than this can't write; Meta's are about seven. 0: all can.
    max_system_users, max_admin_system_users: more are refused with 3949 and 3965; 0: no limit (§10).

    Of what a token sees:
    system_user_sees: a plain system user sees `all` assets, or those it is `assigned` to (§1.3).
    other_users: of business users other than its own a token sees everything (`visible`), all but the
        address (`without_email`), or not their nodes: 100/33 (`refused`); §8.3. Edges list them in any case.
    """

    empty_nested: str = "sent"
    forbidden_direct: str = "answered"
    expansion: str = "on"
    require_proof: bool = False
    max_limit: int = 5000
    reduce_above: int = 0
    hidden_fields: list[str] = field(default_factory=list)
    usage_headers: bool = True
    usage_percent: int = 0
    app_version: str = "v26.0"
    business_on_writes: str = "optional"
    assigning: str = "replace"
    expand_tasks: bool = False
    revoke_missing: str = "success"
    invite_again: str = "refused"
    invite_answers: str = "request"
    invite_forbidden: bool = False
    writes_blocked: bool = False
    new_system_user_days: int = 0
    max_system_users: int = 0
    max_admin_system_users: int = 0
    system_user_sees: str = "all"
    other_users: str = "visible"

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
    "business_on_writes": ("optional", "required"),
    "assigning": ("replace", "merge"),
    "revoke_missing": ("success", "refused"),
    "invite_again": ("refused", "resent", "second"),
    "invite_answers": ("request", "user"),
    "system_user_sees": ("all", "assigned"),
    "other_users": ("visible", "without_email", "refused"),
}
