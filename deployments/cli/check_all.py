"""`hubroster check --all`: every hub of the workspace, some at once."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deployments.cli.output import print_json, printable, stdout


def check_every_hub(at_once: int | None, *, json: bool) -> None:
    """Run the flow in this process; each hub's line goes to stdout as its check ends, the count to stderr.

    Raises HubrosterError at the end, with the labels, when any hub needs an operator.
    """
    from flows.check_all import AT_ONCE, check_all_hubs, sentence

    def show(answer: dict[str, Any]) -> None:
        if json:
            print_json(answer.get("result") or answer)
        else:
            stdout.print(printable(sentence(answer)), markup=False, soft_wrap=True)

    with _told_of(show):
        asyncio.run(check_all_hubs(at_once or AT_ONCE))


@contextmanager
def _told_of(show: Callable[[dict[str, Any]], None]) -> Iterator[None]:
    """Give each hub's answer to `show`: it comes with a record of the progress log."""
    handler, logger = _Answers(show), logging.getLogger("hubroster.progress")
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Answers(logging.Handler):
    def __init__(self, show: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        answer = getattr(record, "hub", None)
        if isinstance(answer, dict):
            self._show(answer)
