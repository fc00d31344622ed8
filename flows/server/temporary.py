"""Prefect's temporary server ends with the process that started it, however that one ends.

Prefect stops it on a regular exit only. After a kill it would stay for ever, with the stdout and stderr of a
command whose caller waits for their end.
"""

import atexit
import os
import subprocess
from pathlib import Path
from typing import Any

from prefect.server.api.server import SubprocessASGIServer

from flows.server.start import starting_alone

# The first line is the server's number. A second one says that it was stopped; the end of the pipe, which a
# kill closes as well, says that nobody will.
_WATCH = 'read -r server && ! read -r stopped && kill "$server"'
_start = SubprocessASGIServer._run_uvicorn_command  # private, but no other place tells the server's number
_start_and_wait = SubprocessASGIServer.start  # returns when the server answers


def tie_server() -> None:
    """See to it that a temporary server which Prefect starts from now on doesn't outlive this process.

    Nor does it start while another server of the same home does.
    """
    SubprocessASGIServer._run_uvicorn_command = _start_watched  # type: ignore[method-assign, assignment]
    SubprocessASGIServer.start = _start_alone  # type: ignore[method-assign, assignment]


def _start_alone(server: SubprocessASGIServer, timeout: int | None = None) -> None:
    if server.running:
        return
    with starting_alone(Path(os.environ["PREFECT_HOME"])):
        _start_and_wait(server, timeout)


def _start_watched(server: SubprocessASGIServer) -> subprocess.Popen[Any]:
    process = _start(server)
    watch = subprocess.Popen(  # noqa: S603, a script of ours
        ["sh", "-c", _WATCH],  # noqa: S607, wherever the system has it
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us
        text=True,
    )
    assert watch.stdin is not None  # noqa: S101, for the type
    watch.stdin.write(f"{process.pid}\n")
    watch.stdin.flush()
    atexit.register(_tell_stopped, watch)  # Prefect registers its stop after this, so it comes before
    return process


def _tell_stopped(watch: subprocess.Popen[str]) -> None:
    watch.communicate("stopped\n", timeout=5)
