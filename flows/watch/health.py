"""Whether what runs by itself does run: Prefect's server, the flows, and the hourly reconcile."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from flows.server.lasting import running_server
from flows.settings import Settings
from flows.watch.reconciled import last_reconcile

POLLED = timedelta(seconds=90)  # the flows ask for work every two seconds, a worker of Prefect's every 15
RECONCILED = timedelta(hours=2)  # hourly, and a slow hub may take its time
OK = "ok"


@dataclass(frozen=True, slots=True)
class Health:
    """A word for each part: "ok", or what is wrong. No names, no addresses, no places."""

    server: str
    flows: str
    reconcile: str
    reconciled_at: datetime | None

    @property
    def ok(self) -> bool:
        """Say whether all of it is."""
        return self.server == self.flows == self.reconcile == OK

    def as_json(self) -> dict[str, object]:
        """Return what /healthz answers."""
        at = self.reconciled_at.isoformat(timespec="seconds") if self.reconciled_at else None
        return {
            "ok": self.ok,
            "server": self.server,
            "flows": self.flows,
            "reconcile": self.reconcile,
            "reconciled_at": at,
        }


def health(settings: Settings) -> Health:
    """Look at each part now; takes a few seconds at most, where something hangs."""
    server, flows = _at_prefect(settings)
    last = last_reconcile(settings.home)
    if last is None:
        reconcile = "none has ended yet"
    elif datetime.now(UTC) - last.at > RECONCILED:
        reconcile = "the last one is too long ago"
    elif last.failed:
        reconcile = f"{last.failed} failed"
    else:
        reconcile = OK
    return Health(server, flows, reconcile, last.at if last else None)


def _at_prefect(settings: Settings) -> tuple[str, str]:
    url, login = os.environ.get("PREFECT_API_URL", ""), os.environ.get("PREFECT_API_AUTH_STRING", "")
    if not url and (own := running_server(settings)):
        url, login = own.url, own.login
    if not url:
        return "none runs", "unknown"
    try:
        with httpx.Client(timeout=3, trust_env=False, headers=_headers(), auth=_auth(login)) as client:
            if not client.get(f"{url}/health").is_success:
                return "doesn't answer well", "unknown"
            found = client.get(f"{url}/deployments/name/reconcile/hourly")
            return OK, _served(found)
    except httpx.HTTPError:
        return "doesn't answer", "unknown"


def _served(found: httpx.Response) -> str:
    if found.status_code in (401, 403):
        return "the server doesn't let us in"
    if not found.is_success:
        return "not known to the server"
    told = found.json()
    polled: Mapping[str, str] | str | None = told.get("last_polled")
    if told.get("paused"):
        return "paused at the server"
    if not isinstance(polled, str) or datetime.now(UTC) - datetime.fromisoformat(polled) > POLLED:
        return "nobody asks the server for work"
    return OK


def _auth(login: str) -> tuple[str, str] | None:
    user, _, password = login.partition(":")
    return (user, password) if login else None


def _headers() -> dict[str, str]:
    key = os.environ.get("PREFECT_API_KEY", "")
    return {"Authorization": f"Bearer {key}"} if key else {}
