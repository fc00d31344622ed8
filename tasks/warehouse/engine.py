"""DuckDB itself, kept from one opening of the warehouse to the next: starting it costs ten times the opening.

What is kept has no file open and holds no lock: a file is attached, used, and detached at once. A file that
is open already in this process is shared by those who open it in the same mode, as DuckDB does by itself.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "warehouse"
# What worked on a larger file holds on to its memory, and starting anew is little beside that.
SMALL = 32 << 20  # bytes
# Below it, waking a second thread costs more than that one does: a fifth of a small hub's check.
ONE_THREAD = 8 << 20  # bytes, some thousand members
Config = dict[str, str | bool | int | float | list[str]]


class HeldHere(duckdb.IOException):
    """This process has the file open in another mode, or with other limits."""


@dataclass(slots=True)
class _Engine:
    """A DuckDB in memory with one file attached, or none; `root` is only for attaching and detaching."""

    root: duckdb.DuckDBPyConnection
    config: Mapping[str, object]
    threads: Mapping[str, object]
    read_only: bool = False
    users: int = 0
    is_sound: bool = True


_turn = threading.Lock()
_in_use: dict[str, _Engine] = {}  # by the real path of the file that is attached
_idle: list[_Engine] = []  # one, or none


class Attached:
    """A connection to a file that is attached; the file is closed with the last of them."""

    def __init__(self, path: Path, *, read_only: bool, config: Config) -> None:
        """Open it. Raises HeldHere, and what DuckDB says of a file that is held or can't be opened."""
        self._file = os.path.realpath(path)
        with _turn:
            engine = _in_use.get(self._file)
            if engine is None:
                engine = _started(config, self._file)
                engine.read_only = read_only
                try:
                    mode = " (read_only)" if read_only else ""
                    engine.root.execute(f"attach {quoted(self._file)} as {NAME}{mode}")
                except BaseException:
                    engine.root.close()
                    raise
                _in_use[self._file] = engine
            # Tried all the same, a second opening would give away the lock of the first (POSIX)
            elif (engine.read_only, engine.config) != (read_only, config):
                raise HeldHere(f"{path} is open with a different configuration")
            engine.users += 1
        self._engine = engine
        self.con = engine.root.cursor()
        try:
            self.con.execute(f"use {NAME}")
        except BaseException:
            self.close(is_sound=False)
            raise

    def close(self, *, is_sound: bool) -> None:
        """Close it. An engine in which something failed is not kept."""
        self.con.close()
        engine = self._engine
        with _turn:
            engine.users -= 1
            engine.is_sound &= is_sound
            if engine.users:
                return
            del _in_use[self._file]
            is_kept = False
            try:
                if engine.is_sound:
                    engine.root.execute(f"detach {NAME}")
                    is_kept = _is_small(self._file)
            except duckdb.Error:
                pass  # on a full disk, say: what is committed stands in the log beside the file
            finally:
                if not is_kept:
                    engine.root.close()
            if is_kept:
                _let_go()
                _idle.append(engine)


def quoted(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _started(config: Config, file: str) -> _Engine:
    """Return the idle engine if it was started so, else a new one; its threads are as the file is worth."""
    threads: Config = {"threads": 1} if _is_small(file, ONE_THREAD) else {}
    while _idle:
        engine = _idle.pop()
        if engine.config == config and engine.threads == threads:
            return engine
        engine.root.close()
    return _Engine(duckdb.connect(config=config | threads), dict(config), threads)


def _is_small(file: str, limit: int = SMALL) -> bool:
    try:
        return Path(file).stat().st_size <= limit
    except OSError:
        return False


def _let_go() -> None:
    while _idle:
        with suppress(duckdb.Error):
            _idle.pop().root.close()


# Its threads don't live on in a child: there is none when one begins
os.register_at_fork(before=_let_go)
atexit.register(_let_go)
