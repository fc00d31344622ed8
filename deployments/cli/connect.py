"""`hubroster connect`: write a hub down once everything about it works."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from getpass import getpass
from typing import Annotated, Literal

from cyclopts import Parameter
from pydantic import SecretStr

from deployments.cli.hubs import tell_up
from deployments.cli.output import print_json, stderr
from deployments.cli.preflight import as_json, show_preflight
from flows.hubs.connecting import Connected, NewHub, NewWorkspace, needs_workspace, unfit
from flows.hubs.connecting import connect as connect_hub
from tasks.errors import InputError, UsageError

ANYWAY = "anyway"
REFERENCES = ("env:", "file:", "command:")


def connect(
    label: str | None = None,
    *,
    business_id: str | None = None,
    app_id: str | None = None,
    token: str | None = None,
    write_token: str | None = None,
    app_secret: str | None = None,
    login_method: Literal["sso", "password"] | None = None,
    owner: Annotated[list[str] | None, Parameter(negative="")] = None,
    workspace: str | None = None,
    timezone: str | None = None,
    directory: str | None = None,
    mail_host: str | None = None,
    mail_port: int | None = None,
    mail_from: str | None = None,
    sandbox: str = "",
    anyway: bool = False,
    json: bool = False,
) -> int:
    """Connect a hub: look whether all works, then write it to hubs.d/LABEL.toml. Nothing changes at Meta.

    What isn't given is asked, at a terminal. Secrets are given by reference (env:NAME, file:PATH,
    command:...), or typed in without being shown, and then kept in the home's secrets/.

    Parameters
    ----------
    label
        A short name for the hub: small letters, digits, - and _.
    business_id
        The id of the business portfolio.
    app_id
        The id of the app that the tokens belong to.
    token
        A reference to the token that reads.
    write_token
        A reference to the token that changes; without it the hub is read-only.
    app_secret
        A reference to the app's secret.
    login_method
        How members log in at Meta.
    owner
        The first Owner: your own address in the directory. Can be given several times.
    workspace
        The name of your organisation, where there is no hubroster.toml yet.
    timezone
        Its time zone, such as Europe/Berlin.
    directory
        The file with its people.
    mail_host
        The mail server that takes what Owners get.
    mail_port
        Its port.
    mail_from
        Whom mails are from.
    sandbox
        The address of a stand-in for Meta, see `hubroster sandbox`.
    anyway
        Write it down although something is broken; what it is stands in the file.
    json
        Print one object on one line.
    """
    ask = _Asking()
    hub = NewHub(
        label=label or ask.text("LABEL", "A short name for the hub", unfit=partial(unfit, "label")),
        business_id=business_id
        or ask.text("--business-id", "Id of the business portfolio", unfit=partial(unfit, "business_id")),
        app_id=app_id or ask.text("--app-id", "Id of the app", unfit=partial(unfit, "app_id")),
        app_secret=app_secret or ask.secret("App secret, or a reference; empty for none"),
        token=token or ask.secret("Token that reads, or a reference", "--token") or "",
        write_token=write_token or ask.secret("Token that changes, or a reference; empty for read-only"),
        login_method=login_method or ask.text("", "How members log in: sso or password", "sso", _no_login),
        owners=owner or [ask.text("--owner", "Your address in the directory: you are the first Owner")],
        sandbox=sandbox.rstrip("/"),
    )
    fresh = None
    of_workspace = (workspace, timezone, directory, mail_host, mail_port, mail_from)
    if not needs_workspace():
        if any(one is not None for one in of_workspace):
            raise InputError("there is a hubroster.toml, which is yours to edit: leave out what it says")
    else:
        fresh = NewWorkspace(
            name=workspace or ask.text("--workspace", "Name of your organisation"),
            directory=directory or ask.text("--directory", "File with its people"),
            timezone=timezone or ask.text("", "Time zone", "UTC"),
            mail_host=mail_host or ask.text("", "Mail server", "localhost"),
            mail_port=mail_port or int(ask.text("", "Its port", "25", unfit=_no_port)),
            mail_from=mail_from or ask.text("", "Mails are from", "hubroster@localhost"),
        )
    ask.require_all()
    done = connect_hub(hub, fresh, anyway=anyway)
    _tell(done, hub.owners, json=json)
    while not done.files and (answer := ask.again()) is not None:
        done = connect_hub(hub, fresh, anyway=answer == ANYWAY)
        _tell(done, hub.owners, json=json)
    return int(not done.files)


def _tell(done: Connected, owners: Sequence[str], *, json: bool) -> None:
    if json:
        files = [str(file) for file in done.files]
        print_json({"hub": done.label, "connected": bool(files), "files": files, **as_json(done.found)})
    else:
        show_preflight(done.found)
    names = ", ".join(point.name for point in done.found.broken)
    if not done.files:
        told = f"{done.label} was not connected, and nothing was written: mend {names}, or say --anyway"
    elif names:
        told = f"{done.label} is connected, though broken: {names}"
    else:
        told = f"{done.label} is connected"
    if done.files:
        told += f" ({done.files[-1]}); its first Owners: {', '.join(owners)}"
        told += f". Next: hubroster check {done.label}, then hubroster up"
    stderr.print(told, markup=False, soft_wrap=True)
    if done.files:
        tell_up()


def _no_login(text: str) -> str:
    return "" if text in ("sso", "password") else "type sso or password"


def _no_port(text: str) -> str:
    is_one = text.isascii() and text.isdigit() and 1 <= int(text) <= 65535
    return "" if is_one else f"a port is a number from 1 to 65535, not {text[:20]!r}"


class _Asking:
    """Asks at a terminal for what wasn't given; elsewhere takes the usual value, or notes what is missing."""

    def __init__(self) -> None:
        self._missing: list[str] = []
        self._can_ask = sys.stdin.isatty()

    def text(
        self, flag: str, question: str, usual: str = "", unfit: Callable[[str], str] = lambda _: ""
    ) -> str:
        """Return what was typed; asked again as long as `unfit` finds something wrong with it."""
        prompt = f"{question}{f' [{usual}]' if usual else ''}: "
        answer = self._answer(flag, prompt, usual, _read_line)
        while self._can_ask and (wrong := unfit(answer)):
            stderr.print(f"{wrong}. Again:", markup=False, soft_wrap=True)
            answer = self._answer(flag, prompt, usual, _read_line)
        return answer

    def secret(self, question: str, flag: str = "") -> str | SecretStr | None:
        """Return a reference, or what was typed without being shown; None for nothing."""
        typed = self._answer(
            flag, f"{question} (not shown): ", "", lambda prompt: getpass(prompt, sys.stderr)
        )
        return typed if typed.startswith(REFERENCES) else SecretStr(typed) if typed else None

    def require_all(self) -> None:
        """Raise UsageError for what is missing, all at once."""
        if self._missing:
            raise UsageError(f"there is no terminal to ask at: say {', '.join(self._missing)}")

    def again(self) -> str | None:
        """Return what to do about what is broken: look again, or write it down anyway; None is neither."""
        if not self._can_ask:
            return None
        answer = _read_line("Mend it and press Enter to look again; or type anyway, or no: ").strip().lower()
        return answer if answer in ("", ANYWAY) else None

    def _answer(self, flag: str, prompt: str, usual: str, read: Callable[[str], str]) -> str:
        if not self._can_ask:
            if flag:
                self._missing.append(flag)
            return usual
        while not (answer := read(prompt).strip() or usual) and flag:
            stderr.print("That is needed.")
        return answer


def _read_line(prompt: str) -> str:
    stderr.print(prompt, end="", markup=False)
    line = sys.stdin.readline()
    if not line:
        raise InputError("nothing was connected: the answers ended too soon")
    return line
