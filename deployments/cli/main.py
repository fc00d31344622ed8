"""The `hubroster` command: which commands there are, and what an error looks like."""

import atexit
import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

from cyclopts import App, CycloptsError, Group, Parameter, UnusedCliTokensError
from rich.console import Console

from tasks.errors import HubrosterError, UsageError


def _shown(default: Any) -> Any:
    """Return a default as help shows it, None where it says nothing: a flag that is off, an empty text."""
    return None if default in (False, "", (), None) else default


app = App(
    name="hubroster",
    help="Keeps the roster of a Meta business portfolio true.",
    version=version("hubroster"),
    result_action="return_value",
    default_parameter=Parameter(negative=(), show_default=_shown),
)

# Commands are named by their place, so that `hubroster link` doesn't pay for importing Prefect.
_COMMANDS = {
    "Begin": {
        "demo": ("demo:demo", "Run a whole check against a stand-in for Meta: nothing to configure."),
        "connect": ("connect:connect", "Connect a hub: look whether all works, then write it down."),
        "preflight": ("preflight:preflight", "Look whether all is connected as it must be; changes nothing."),
        "up": ("up:up", "Run it all: Prefect's server, the daily checks, the reviews, the page."),
        "check": ("check:check", "Check a hub for updates: read, match, report, publish a snapshot."),
    },
    "Look": {
        "hubs": ("hubs:hubs", "List the hubs of the workspace and how they stand."),
        "report": ("report:report", "Print the report of a hub's last check, or of an earlier one."),
        "members": ("members:members", "List the members of a hub: whose each seat is, and its tab."),
        "people": ("people:people", "Find people of the directory, with every seat they hold."),
        "explain": ("explain:explain", "Show why a member is taken for a person, or for nobody."),
        "reviews": ("reviews:reviews", "List what waits for an Owner's answer."),
        "runs": ("runs:runs", "List what ran, runs and will run by itself: checks, reviews, changes."),
        "owners": ("owners:owners", "List the Owners of a hub."),
        "snapshots": ("snapshots:snapshots", "List the published files that data teams open."),
    },
    "Answer, as an Owner": {
        "login": ("decide:login", "Prove by a code in your mailbox that you are an Owner."),
        "decide": ("decide:decide", "Answer a review with codes from your mail, or after `login`."),
        "match": ("decisions:match", "Say which person a member is."),
        "reassign": ("decisions:reassign", "Say that a member is another person than was thought."),
        "exempt": ("decisions:exempt", "Let a member stay as an exception, until a day."),
        "unexempt": ("decisions:unexempt", "End a member's exception."),
    },
    "Ask for something, as an Owner": {
        "invite": ("requests:invite", "Ask to invite people."),
        "set-role": ("requests:set_role", "Ask to give a member another role."),
        "grant": ("requests:grant", "Ask to give a member access to an asset."),
        "revoke": ("requests:revoke", "Ask to take a member's access to an asset."),
        "remove": ("requests:remove", "Ask to remove a member."),
        "restore": ("requests:restore", "Ask to bring back a member whom hubroster removed."),
        "over-budget": ("requests:over_budget", "Ask to go over the limit of 24 hours, once."),
        "withdraw": ("requests:withdraw", "Take back what you asked for."),
        "owner-add": ("owners:owner_add", "Name another Owner."),
        "owner-drop": ("owners:owner_drop", "Ask to take the role from an Owner."),
        "owner-accept": ("owners:owner_accept", "Accept being an Owner with the code from your mail."),
        "claim-owner": ("owners:claim_owner", "Claim the role of Owner for your own seat."),
    },
    "Keep it running": {
        "apply": ("decide:apply", "Carry out now what the Owners of a hub approved."),
        "directory": ("directory:directory", "Look at the sources of people, and accept what was refused."),
        "ledger": ("ledger:ledger", "Look at the book of decisions and changes, and verify it."),
        "backup": ("backup:backup", "Write a backup, or bring one back into an empty home."),
        "mail": ("mail:mail", "Send a test mail to an address of yours."),
        "disconnect": ("disconnect:disconnect", "Disconnect a hub; nobody is removed at Meta."),
    },
    "Try and measure": {
        "link": ("link:link", "Match two files, with no hub and no server."),
        "backtest": ("backtest:backtest", "Measure how good matching by name is, on your own data."),
        "sandbox": ("sandbox:sandbox", "Start the stand-in for Meta, until SIGTERM."),
    },
}
for _order, (_title, _commands) in enumerate(_COMMANDS.items()):
    _group = Group(_title, sort_key=_order)
    for _name, (_place, _help) in _commands.items():
        app.command(f"deployments.cli.{_place}", name=_name, help=_help, group=_group)


# What an operator mends: a disk that is full, broken or read-only, a quota, a limit, a permission, a file in
# a folder's place. Any other OSError is our bug.
_DISK = {
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.ENOTDIR,
    errno.EIO,
}


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 an operator must act, 2 usage."""
    if loaded := sys.modules.get("deployments.cli.output"):  # by an earlier command of this process
        loaded.printed_json.clear()
    try:
        with _told_whole(_words(argv)):
            result = app(argv, exit_on_error=False, print_error=False)
    except UnusedCliTokensError as error:
        unused = " ".join(error.unused_tokens or ())
        return _fail(argv, error, f"more words than this command takes: {unused}; `--help` shows which", 2)
    except (CycloptsError, UsageError) as error:
        return _fail(argv, error, str(error), 2)
    except HubrosterError as error:  # anything else is our bug: keep the traceback
        return _fail(argv, error, str(error), 1)
    except BrokenPipeError:  # the reader of our output, `head` say, has gone
        _say_no_more()
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            raise
        where = f" at {error.filename}" if error.filename else ""
        told = f"the disk refused{where}: {error.strerror}; mend that and try again; {_at_meta(argv)}"
        return _fail(argv, error, told, 1)
    except KeyboardInterrupt:
        _say(f"interrupted; {_at_meta(argv)}", style="")
        return 130
    return result if isinstance(result, int) else 0


@contextmanager
def _told_whole(words: list[str]) -> Iterator[None]:
    """Let a command that is asked for its help say all that its docstring does, not its line in the list."""
    asked = {"--help", "-h"}.intersection(words) and words[0] in app
    command = app[words[0]] if asked else None
    if command is None or command.default_command is None:  # `directory` and `ledger` have their own commands
        yield
        return
    line, command.help = command.help, None
    try:
        yield
    finally:
        command.help = line


def _fail(argv: list[str] | None, error: Exception, told: str, code: int) -> int:
    """Say in one line what went wrong and what to do, and return the exit code.

    Who asked for JSON gets an object with the line as well, unless the command has printed one of its own.
    """
    _say(told, style="red")
    if "--json" in _words(argv):
        from deployments.cli import output  # pandas: half a second that no help has to wait

        try:
            if not output.printed_json:
                output.print_json({"error": told, "kind": type(error).__name__, "exit": code})
        except BrokenPipeError:
            _say_no_more()
    return code


def _say_no_more() -> None:
    """Let what is still to be flushed go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(told: str, style: str) -> None:
    errors = Console(stderr=True, highlight=False)
    errors.print(f"hubroster: {told}", style=style, markup=False, soft_wrap=True)


# What may have been in the middle of a change at Meta.
_CHANGING = {"apply", "demo", "up"}


def _at_meta(argv: list[str] | None) -> str:
    """Return what can be said of Meta after a command that did not come to its end."""
    words = _words(argv)
    if words and words[0] in _CHANGING:
        return "what was begun at Meta is settled by the next `hubroster apply`"
    return "nothing was changed at Meta"


def _words(argv: list[str] | None) -> list[str]:
    return sys.argv[1:] if argv is None else argv


def run() -> None:
    """Start the command line, as the installed `hubroster` does."""
    atexit.register(end_quietly)  # the first one registered is the last one called
    sys.exit(main())


def end_quietly() -> None:
    """Close stderr to what comes after us.

    Prefect's threads keep our modules alive to the end, which DuckDB's binding (nanobind) then reports as
    leaks, in 60 lines that nobody can act on.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
