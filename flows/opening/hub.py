"""What opens a hub: its token and app secret, resolved here and kept nowhere else."""

from flows.secret_refs import resolve
from flows.sections import Hub
from flows.settings import Settings
from tasks.errors import SettingsError
from tasks.meta.access import MetaAccess


def access_of(settings: Settings, hub: Hub, *, write: bool = False) -> MetaAccess:
    """Return what the Meta client needs.

    `write`: with the token that may change something, which only `apply` uses, and preflight looks at. Raises
    SettingsError for a hub without one, and for a reference that leads to nothing.
    """
    meta, base = settings.meta, settings.config_path.parent
    token = hub.write_token if write else hub.token
    if token is None:
        raise SettingsError(f"hub {hub.label} is read-only: it has no write_token")
    secret = resolve(hub.app_secret, base).get_secret_value() if hub.app_secret else None
    return MetaAccess(
        graph_url=meta.graph_url,
        api_version=meta.api_version,
        token=resolve(token, base).get_secret_value(),
        app_secret=secret,
        sandbox=hub.sandbox,
        wait_s=meta.wait_s,
        concurrency=meta.concurrency,
    )
