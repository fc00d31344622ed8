"""What a preflight looks at on our side: directory, Owners, mail, ledger, warehouse, Prefect."""

import os
import shutil
from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version

import httpx

from flows.directory_source import DirectorySource
from flows.opening.directory import last_accepted, read_source, with_word
from flows.opening.mail_server import mail_server
from flows.opening.warehouse import open_warehouse
from flows.secret_refs import resolve
from flows.server.home import MB, ROOM, without_login
from flows.server.lasting import running_server
from flows.settings import Settings
from matching.preflight.facts import Server, Source, Store, Workspace
from tasks.directory.read import DirectoryRead
from tasks.directory.verdict import LastAccepted
from tasks.errors import HubrosterError, MailError, WarehouseLocked, WarehouseOlder
from tasks.home_files import may_hold
from tasks.ledger.look import look_at_ledger
from tasks.mail.send import answers
from tasks.warehouse.trouble import require_intact

PATIENCE_S = 5.0  # a check that runs holds the warehouse for less


def read_sources(settings: Settings) -> list[DirectoryRead]:
    """Return a read of every source, compared with the last accepted one where the warehouse tells it."""
    return [_read(settings, source) for source in settings.directory]


def _read(settings: Settings, source: DirectorySource) -> DirectoryRead:
    last = _remembered(settings, source.source)
    read = read_source(settings, source, now=settings.now(), last=last)
    try:
        return with_word(settings, source, read)
    except HubrosterError:  # the ledger can't be read, which is told as a point of its own
        return read


def workspace_facts(settings: Settings, reads: Sequence[DirectoryRead]) -> Workspace:
    """Return what the judgements of the workspace go by. Raises nothing of ours."""
    now = settings.now()
    return Workspace(
        sources=tuple(
            Source(
                read.source,
                read.reason,
                len(read.people),
                (now - read.made_at) / timedelta(hours=1),
                read.tells_who_left,
            )
            for read in reads
        ),
        mail=_mail(settings),
        ledger=_ledger(settings),
        warehouse=_warehouse(settings),
        prefect=_prefect(settings),
    )


def ledger_url(settings: Settings) -> str:
    """Return the URL of the ledger with what it refers to."""
    url = settings.ledger.url
    if url.startswith(("env:", "file:", "command:")):
        return resolve(url, settings.config_path.parent).get_secret_value()
    return url


def _remembered(settings: Settings, name: str) -> LastAccepted | None:
    try:
        if not settings.warehouse_path.exists():
            return None
        with open_warehouse(_patient(settings), read_only=True) as con:
            return last_accepted(con, name)
    except (HubrosterError, OSError):  # the warehouse's own point says what is wrong
        return None


def _patient(settings: Settings) -> Settings:
    wait_s = min(PATIENCE_S, settings.warehouse.lock_wait_s)
    return settings.model_copy(
        update={"warehouse": settings.warehouse.model_copy(update={"lock_wait_s": wait_s})}
    )


def _mail(settings: Settings) -> Store:
    place = f"{settings.mail.host}:{settings.mail.port}"
    try:
        answers(mail_server(settings))
    except MailError as error:
        return Store(place, str(error), "Owners are asked by mail: set [mail] to a server that takes it")
    except HubrosterError as error:
        return Store(place, str(error))
    return Store(f"{place} answers; `hubroster mail --test ADDRESS` shows whether mail arrives")


def _ledger(settings: Settings) -> Store:
    try:
        name, begun = look_at_ledger(ledger_url(settings), settings.home)
    except (HubrosterError, OSError) as error:
        return Store("", str(error))
    return Store(f"{name} can be written" if begun else f"{name} will be made by the first check")


def _warehouse(settings: Settings) -> Store:
    path = settings.warehouse_path
    try:
        require_intact(path)
        for one in (path, settings.snapshot_dir / "snapshot"):
            if reason := may_hold(one):
                return Store("", f"{one.parent} can't be written: {reason}", "give this user the right to")
        if not path.exists():
            return Store(f"{path} will be made by the first check")
        with open_warehouse(_patient(settings), read_only=True):
            pass
    except WarehouseOlder as error:
        return Store(str(error))
    except WarehouseLocked as error:
        return Store(f"in use just now: {error}")
    except (HubrosterError, OSError) as error:
        return Store("", str(error))
    free = shutil.disk_usage(path.parent).free
    if free < ROOM:
        return Store(
            "", f"the disk of {path} is full: {free // MB} MB are free", f"{ROOM // MB} MB are needed"
        )
    return Store(f"{path} can be written")


def _prefect(settings: Settings) -> Server:
    """Return the server that checks would use, whether it answers, and both versions."""
    url, login = os.environ.get("PREFECT_API_URL", ""), os.environ.get("PREFECT_API_AUTH_STRING", "")
    if not url and (own := running_server(settings)):
        url, login = own.url, own.login
    ours = version("prefect")
    if not url:
        about = "no server runs: a check starts a temporary one; `hubroster up` keeps one, and checks daily"
        return Server(Store(about), ours)
    shown, (user, _, password) = without_login(url), login.partition(":")
    key = os.environ.get("PREFECT_API_KEY", "")
    with httpx.Client(
        auth=(user, password) if login else None,
        headers={"Authorization": f"Bearer {key}"} if key and not login else {},
        timeout=10,
        trust_env=False,
    ) as client:
        try:
            client.get(f"{url.rstrip('/')}/health").raise_for_status()
            told = client.get(f"{url.rstrip('/')}/admin/version")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            problem = f"the Prefect server at {shown} doesn't answer ({type(error).__name__})"
            mend = "start it, or unset PREFECT_API_URL to use a temporary one"
            return Server(Store("", problem, mend), ours)
    if told.status_code in (401, 403):
        problem = f"the Prefect server at {shown} refuses our login"
        return Server(
            Store("", problem, "set PREFECT_API_AUTH_STRING, or PREFECT_API_KEY, to what it asks"), ours
        )
    return Server(Store(f"the server at {shown} answers"), ours, _version(told))


def _version(told: httpx.Response) -> str | None:
    """Return the version that a server tells; None where it doesn't."""
    try:
        found = told.json()
    except ValueError:
        return None
    return found if isinstance(found, str) and told.is_success else None
