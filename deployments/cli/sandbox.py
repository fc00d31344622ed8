"""`hubroster sandbox`: the stand-in for Meta, the directory file and a mail server, until SIGTERM."""

from math import inf
from pathlib import Path

from tasks.errors import UsageError


def sandbox(
    *,
    port: int = 0,
    seed: int = 1,
    members: int = 40,
    pages: int = 30,
    ad_accounts: int = 25,
    directory: int = 120,
    hidden_emails: float = 0.2,
    latency_ms: float = 0,
    faults: Path | None = None,
    json: bool = False,
) -> int:
    """Start a stand-in world: a Graph API, a directory file, a mail server; all on this machine.

    Parameters
    ----------
    port
        Where the Graph API listens; 0 takes a free one.
    seed
        The same seed and sizes make the same world.
    members
        Business users; invitations and system users come on top.
    pages
        Pages, owned and shared by clients.
    ad_accounts
        Ad accounts, owned and shared by clients.
    directory
        People in the directory.
    hidden_emails
        Share of members whose address Meta doesn't show, 0 to 1.
    latency_ms
        Milliseconds that each request takes, and 1 more for each batch item and expanded node.
    faults
        A file with a schedule of faults, as `POST /_admin/faults` takes it.
    json
        Print one JSON line when ready.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"--port is a number from 0 to 65535, not {port}")
    if members < 1 or pages < 0 or ad_accounts < 0 or directory < 0 or not 0 <= latency_ms < inf:
        raise UsageError("sizes and latency can't be negative, and a hub has at least one member")
    if not 0 <= hidden_emails <= 1:
        raise UsageError(f"--hidden-emails is a share between 0 and 1, not {hidden_emails:g}")
    if faults is not None and not faults.is_file():
        raise UsageError(f"--faults names a file, and {faults} is none")
    from deployments.sandbox.server import run_sandbox  # starlette and uvicorn are for this command alone

    return run_sandbox(
        port=port,
        seed=seed,
        members=members,
        pages=pages,
        ad_accounts=ad_accounts,
        directory=directory,
        hidden_emails=hidden_emails,
        latency_ms=latency_ms,
        faults=faults,
        json_line=json,
    )
