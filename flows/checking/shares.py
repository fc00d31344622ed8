"""Many hubs, some at once: a few processes, each with one hub at a time; none can harm another hub."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

COMMAND = (sys.executable, "-m", "flows.check_share")
LONGEST_ANSWER = 64 << 20  # bytes of one line: a check's summary
END_S = 10.0

Answer = dict[str, Any]


async def check_hubs(
    labels: Sequence[str],
    at_once: int,
    environment: Mapping[str, str],
    done: Callable[[Answer], None],
    command: Sequence[str] = COMMAND,
) -> None:
    """Check every hub once, `at_once` at a time, and give each answer to `done` as it comes.

    Each process takes the next hub when it has answered for the last, so that what is paid once, the start
    and the directory, is paid once per process. One that dies is told as the error of the hub that it had,
    and another takes its place.
    """
    waiting = iter(labels)
    async with asyncio.TaskGroup() as group:
        for _ in range(min(at_once, len(labels))):
            group.create_task(_share(waiting, environment, done, command))


async def _share(
    waiting: Iterator[str],
    environment: Mapping[str, str],
    done: Callable[[Answer], None],
    command: Sequence[str],
) -> None:
    process: Process | None = None
    try:
        for label in waiting:
            process = process or await _start(command, environment)
            answer = await _ask(process, label)
            if answer is None:
                answer, process = {"hub": label, "error": await _death(process)}, None
            done(answer)
    finally:
        if process is not None:
            await _end(process)


async def _start(command: Sequence[str], environment: Mapping[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        *command,
        stdin=PIPE,
        stdout=PIPE,
        env=dict(environment),
        limit=LONGEST_ANSWER,
        start_new_session=True,  # Ctrl-C is for us; the end of its stdin is for it
    )


async def _ask(process: Process, label: str) -> Answer | None:
    """Return the process's answer for a hub, None when it ended without one."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018, for the type
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(f"{label}\n".encode())
        await process.stdin.drain()
    line = await process.stdout.readline()
    return dict(json.loads(line)) if line.endswith(b"\n") else None


async def _death(process: Process) -> str:
    code = await process.wait()
    how = f"was killed by signal {-code}" if code < 0 else f"ended with exit {code}"
    return f"the process that checked it {how}; check it again, with fewer at once if memory was short"


async def _end(process: Process) -> None:
    """End a process: at once in the middle of a hub, else by itself."""
    assert process.stdin is not None  # noqa: S101, for the type
    process.stdin.close()
    with suppress(TimeoutError):
        await asyncio.wait_for(process.wait(), END_S)
    if process.returncode is None:
        process.kill()
        await process.wait()
