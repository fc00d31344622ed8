"""`hubroster check --all`: every hub of the workspace, some at once."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deployments.cli.output import print_json, printable, stdout


def check_every_hub(at_once: int | None, *, json: bool) -> None:
    """Run the flow in this process; each hub's line goes to stdout as its check ends.

    With `json` it is an object, and what people read goes to stderr.

    Raises HubrosterError at the end, with the labels, when any hub needs an operator.
    """
    from flows.check_all import AT_ONCE, check_all_hubs

    def show(line: str, answer: dict[str, Any]) -> None:
        if json:
            print_json(answer.get("result") or answer)
        else:
            stdout.print(printable(line), markup=False, soft_wrap=True)

    with _told_of(show, alone=not json):
        asyncio.run(check_all_hubs(at_once or AT_ONCE))


@contextmanager
def _told_of(show: Callable[[str, dict[str, Any]], None], *, alone: bool) -> Iterator[None]:
    """Give each hub's line and answer to `show`: they come as a record of the progress log.

    `alone`: nobody else prints that record, so that a terminal has it once.
    """
    handler, logger = _Answers(show), logging.getLogger("hubroster.progress")
    others = list(logger.handlers) if alone else []
    for other in others:
        other.addFilter(_of_no_hub)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        for other in others:
            other.removeFilter(_of_no_hub)


def _of_no_hub(record: logging.LogRecord) -> bool:
    return not hasattr(record, "hub")


class _Answers(logging.Handler):
    def __init__(self, show: Callable[[str, dict[str, Any]], None]) -> None:
        super().__init__()
        self._show = show

    def emit(self, record: logging.LogRecord) -> None:
        answer = getattr(record, "hub", None)
        if isinstance(answer, dict):
            self._show(record.getMessage(), answer)
