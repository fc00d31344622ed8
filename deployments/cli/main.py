"""The `hubroster` command: which commands there are, and what an error looks like."""

import sys
from importlib.metadata import version

from cyclopts import App, CycloptsError
from rich.console import Console

from tasks.errors import HubrosterError

app = App(
    name="hubroster",
    help="Keeps the roster of a Meta business portfolio true.",
    version=version("hubroster"),
    result_action="return_value",
)

# Commands are named by their place, so that `hubroster link` doesn't pay for importing Prefect.
for _name, _place in {
    "demo": "deployments.cli.demo:demo",
    "sandbox": "deployments.cli.sandbox:sandbox",
    "check": "deployments.cli.check:check",
    "report": "deployments.cli.report:report",
    "members": "deployments.cli.members:members",
    "people": "deployments.cli.people:people",
    "hubs": "deployments.cli.hubs:hubs",
    "snapshots": "deployments.cli.snapshots:snapshots",
    "link": "deployments.cli.link:link",
}.items():
    app.command(_place, name=_name)


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 an operator must act, 2 usage."""
    errors = Console(stderr=True, highlight=False)
    try:
        result = app(argv, exit_on_error=False, error_console=errors)
    except CycloptsError:
        return 2  # cyclopts has printed what is wrong with the call
    except HubrosterError as error:  # anything else is our bug: keep the traceback
        errors.print(f"hubroster: {error}", style="red", markup=False, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        errors.print("hubroster: interrupted; nothing was changed at Meta", markup=False)
        return 130
    except BrokenPipeError:  # the reader of our output, `head` say, has gone
        sys.stderr.close()
        return 0
    return result if isinstance(result, int) else 0


def run() -> None:
    """Start the command line, as the installed `hubroster` does."""
    sys.exit(main())
