"""docs/reliability.md, made from a run of the matrix; what is told of approvals stands in a file of its own.

`python -m tests.reliability.reliability_page > docs/reliability.md` runs the matrix and prints the page; with
the path of a file that `pytest --outcomes` wrote, it prints the page of that run.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tests.reliability.meta_cases import COLUMNS, TROUBLES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
MATRIX = ("test_meta_listings.py", "test_meta_grants.py", "test_meta_others.py")
_OFTEN = ("once", "for ever", "midway")
_NONE, _AND = "–", " · "


class Outcome(NamedTuple):
    """What one case came to."""

    trouble: str
    often: str
    column: str
    edge: str
    word: str
    advice: str | None  # what the operator is told to do


Cell = dict[str, str]  # edge → word


def advice_of(reason: str) -> str:
    """Return the part of a reason that says what to do, without what differs by run or edge."""
    text = re.sub(r" \((code|subcode|fbtrace_id) [^()]*\)$", "", reason)
    advice = text.rpartition("; ")[2] if "; " in text else ""
    advice = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "TIME", advice)
    return re.sub(r"the token needs .*?, and", "the token needs PERMISSIONS, and", advice)


def page(outcomes: list[Outcome]) -> str:
    """Return the whole page."""
    head, approvals = (
        (Path(__file__).parent / f"reliability_{part}.md").read_text(encoding="utf-8")
        for part in ("head", "approvals")
    )
    cases, troubles = f"{len(outcomes):,}", f"{len(TROUBLES)}"
    return "\n".join(
        [
            head.replace("{cases}", cases).replace("{troubles}", troubles),
            *_outcome_table(outcomes),
            "",
            "## What the line says to do",
            "",
            "PERMISSIONS are those that reading the edge takes; TIME is when Meta's limit is over.",
            "",
            *_advice_table(outcomes),
            "",
            approvals,
        ]
    )


def _outcome_table(outcomes: list[Outcome]) -> list[str]:
    lines = ["| fault | how often | " + " | ".join(COLUMNS) + " |", "|---|---|" + "---|" * len(COLUMNS)]
    for rows, same in groupby(TROUBLES, lambda trouble: _rows(outcomes, trouble.name)):
        names = _AND.join(trouble.name for trouble in same)
        lines += [f"| {names} | {often} | {' | '.join(cells)} |" for often, cells in rows]
    return lines


def _rows(outcomes: list[Outcome], trouble: str) -> list[tuple[str, list[str]]]:
    cells: dict[tuple[str, str], Cell] = {}
    for one in outcomes:
        if one.trouble == trouble:
            cells.setdefault((one.often, one.column), {})[one.edge] = one.word
    midway = {column: cell for (often, column), cell in cells.items() if often == "midway"}
    told = [o for o in _OFTEN if o != "midway" or any(_differs(cells, c, cell) for c, cell in midway.items())]
    return [(often, [_text(cells.get((often, column))) for column in COLUMNS]) for often in told]


def _differs(cells: dict[tuple[str, str], Cell], column: str, midway: Cell) -> bool:
    for_ever = cells["for ever", column]
    return any(for_ever[edge] != word for edge, word in midway.items())


def _text(cell: Cell | None) -> str:
    if cell is None:
        return _NONE
    usual = Counter(cell.values()).most_common(1)[0][0]
    others = sorted({word for word in cell.values() if word != usual})
    edges = {word: ", ".join(f"`{edge}`" for edge in cell if cell[edge] == word) for word in others}
    return "; ".join([usual, *(f"{word}: {edges[word]}" for word in others)])


def _advice_table(outcomes: list[Outcome]) -> list[str]:
    told: dict[str, set[str]] = {}
    for one in outcomes:
        if one.advice is not None:
            told.setdefault(one.trouble, set()).add(one.advice)
    lines = ["| fault | the end of the line |", "|---|---|"]
    with_advice = [trouble.name for trouble in TROUBLES if trouble.name in told]
    for advice, names in groupby(with_advice, lambda name: " / ".join(sorted(told[name]))):
        lines.append(f"| {_AND.join(names)} | {advice} |")
    return lines


def told_by_the_page(found: Outcome) -> tuple[str | None, str | None]:
    """Return the word that the page has for this case, and its advice if it is this one."""
    words, advice = _read()
    cell = words.get((found.trouble, found.often, found.column))
    if cell is None and found.often == "midway":
        cell = words.get((found.trouble, "for ever", found.column))
    if cell is None:
        return None, None
    word = cell.get(found.edge, cell[""])
    lines = advice.get(found.trouble, "").split(" / ")
    return word, found.advice if found.advice in lines else None


@cache
def _read() -> tuple[dict[tuple[str, str, str], Cell], dict[str, str]]:
    """Return what the page says: by fault, how often and column, the word of each edge; "" is the usual."""
    words: dict[tuple[str, str, str], Cell] = {}
    advice: dict[str, str] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("| ") else []
        names = cells[0].split(_AND) if cells else []
        if len(cells) == 2:
            advice.update(dict.fromkeys(names, cells[1]))
        for column, text in zip(COLUMNS, cells[2:], strict=False):
            if text != _NONE:
                words.update(dict.fromkeys(((name, cells[1], column) for name in names), _cell(text)))
    return words, advice


def _cell(text: str) -> Cell:
    usual, *others = text.split("; ")
    cell = {"": usual}
    for other in others:
        word, _, edges = other.partition(": ")
        cell.update(dict.fromkeys(re.findall(r"`(\w+)`", edges), word))
    return cell


def _run() -> list[Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes.jsonl"
        files = [str(Path(__file__).parent / name) for name in MATRIX]
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "2",
            "--dist",
            "loadfile",
            "--all-cases",
            "--outcomes",
            str(path),
        ]
        subprocess.run([*command, *files], cwd=ROOT, stdout=sys.stderr, check=True)
        return read_outcomes(path)


def read_outcomes(path: Path) -> list[Outcome]:
    """Return the outcomes of a run, in an order that doesn't depend on it."""
    order = [trouble.name for trouble in TROUBLES]
    found = [Outcome(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(found, key=lambda one: (order.index(one.trouble), one))


if __name__ == "__main__":
    sys.stdout.write(page(read_outcomes(Path(sys.argv[1])) if len(sys.argv) > 1 else _run()))
