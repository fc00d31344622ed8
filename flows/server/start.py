"""One Prefect server of a home starts at a time: two that make its database at once spoil it."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.errors import PrefectUnreachable
from tasks.home_files import taken

WAIT_S = 240.0  # longer than a server takes to start
LOOK_S = 0.2


@contextmanager
def starting_alone(prefect_home: Path, wait_s: float = WAIT_S) -> Iterator[None]:
    """Keep other starts of this home waiting until the end of the block, which is when the server answers.

    The lock of a process that is killed goes with it. Raises PrefectUnreachable after `wait_s`.
    """
    prefect_home.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(prefect_home / ".starting", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        deadline = time.monotonic() + wait_s
        while not taken(lock):
            if time.monotonic() >= deadline:
                raise PrefectUnreachable(
                    f"another hubroster has been starting Prefect's server of {prefect_home} for "
                    f"{wait_s:g} s: see whether it hangs, stop it, and try again"
                )
            time.sleep(LOOK_S)
        yield
    finally:
        os.close(lock)
