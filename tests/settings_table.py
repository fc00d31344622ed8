"""docs/settings.md, made from the settings class: `python -m tests.settings_table > docs/settings.md`."""

from datetime import time
from types import UnionType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from flows.settings import Settings

HEAD = """\
# Settings

Made from `flows/sections.py`; a test holds it to that. One TOML file, `./hubroster.toml` or what `HUBROSTER_CONFIG` names; hubs may also
stand one per file in `hubs.d/` beside it. Relative paths start at the file. State is kept in `HUBROSTER_HOME`, by default `.hubroster`
beside the file. A secret is given by reference: `env:NAME`, `file:PATH` (mode 0600) or `command:...`, never itself. Unknown keys are refused.

What approvals and changes go by:

- `owners` are the first Owners of a hub, read once, while its ledger has none: each address must lead to exactly one person of the
  directory. From then on the ledger says who they are (`hubroster owners`), and this list has no effect.
- `write_token` is used by `apply` alone, for the calls that change something; `token` for all reading, proofs included. Without a
  `write_token` nothing is changed, and what Owners approve is reported back to them as to be done by hand.
- `two_approvers_for` holds `KIND:ROLE` as Meta writes the role: `remove:ADMIN`, `invite:ADMIN`, `set_role:ADMIN`, `grant:EMPLOYEE` and so
  on. A removal whose consequences Meta doesn't tell always takes two; an invitation with access to assets does where `grant:ROLE` does. Made
  stricter it holds at once, also for what is asked or approved already; loosened, for what is asked from then on.
- `hold_min`: minutes between the receipts of the last needed yes and the call. `review_days`: how long a review can be answered.
- `[mail]`: with `tls`, port 465 is TLS from the first byte, any other STARTTLS; without, nothing is encrypted, and a `user` is refused
  unless the server is on this machine.
- `[page] url` is what mails link to, and the only address that the page answers to, besides the loopback. The page itself listens on
  127.0.0.1 at its port (8080 where it names none): for other machines put a proxy with TLS in front, on this machine, which sets `X-Forwarded-For`.
- `[ledger]`: docs/ledger.md.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for name, field in Settings.model_fields.items():
        if name in ("config_path", "home"):
            continue
        section, many = _section(field.annotation)
        title = f"[[{name}]]" if many else f"[{name}]"
        parts.append(f"## {title}\n\n{_first_line(section)}\n\n| key | default | |\n|---|---|---|")
        parts.append("\n".join(_row(key, one) for key, one in section.model_fields.items()) + "\n")
    return "\n".join(parts)


def _section(annotation: Any) -> tuple[type[BaseModel], bool]:
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0], True
    return annotation, False


def _first_line(section: type[BaseModel]) -> str:
    return (section.__doc__ or "").strip().splitlines()[0]


def _row(name: str, field: FieldInfo) -> str:
    default = field.get_default(call_default_factory=True, validated_data={})
    if default is PydanticUndefined:
        shown = "needed"
    elif default is None or default in ((), {}, ""):
        shown = "none"
    else:
        value = list(default) if isinstance(default, tuple) else default
        value = f"{value:%H:%M}" if isinstance(value, time) else value
        shown = f"`{value}`" if not isinstance(value, bool) else f"`{str(value).lower()}`"
    about = [field.description] if field.description else []
    if choices := _choices(field.annotation):
        about.append("one of " + ", ".join(f"`{choice}`" for choice in choices))
    return f"| `{field.alias or name}` | {shown} | {'; '.join(about)} |"


def _choices(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if isinstance(annotation, UnionType):
        return next((found for arg in get_args(annotation) if (found := _choices(arg))), ())
    return ()


if __name__ == "__main__":
    print(page(), end="")
