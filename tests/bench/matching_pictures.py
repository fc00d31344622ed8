"""Two pictures without a drawing library: precision over recall, and stated against seen probability."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from tests.bench.matching_quality import calibration, curve

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 40, 60
INK = "#767676"  # legible on white and on black alike
COLOURS = ("#0a84d0", "#d9650a", "#2a9a4a", "#b04fc0", "#a08000")  # blind people tell them apart by the marks
MARKS = ("", "6 3", "2 3", "9 3 2 3", "5 2 1 2")

Ticks = Sequence[tuple[float, str]]  # where, and what is written there


@dataclass(frozen=True, slots=True)
class Axes:
    """A rectangle of values: x from low to high, y from low to high."""

    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)


def precision_recall(rows: dict[str, pd.DataFrame], title: str) -> str:
    """Draw one curve per program; `rows` as by `judged`."""
    axes = Axes((0.4, 1.0), (0.8, 1.0))
    ticks = [(value, f"{value:.2f}") for value in (0.8, 0.85, 0.9, 0.95, 1.0)] + [(0.995, "")]
    drawn = _frame(axes, title, "recall", [(x / 10, f"{x / 10:g}") for x in range(4, 11)], "precision", ticks)
    for number, (program, them) in enumerate(rows.items()):
        precision, recall = curve(
            them["score"].to_numpy(), them["right"].to_numpy(), int((them["truth"] == "match").sum())
        )
        seen = (precision >= axes.y[0]) & (recall >= axes.x[0])
        drawn += _line(axes, recall[seen], precision[seen], number)
        drawn += _key(program, number)
    return _svg(drawn)


def reliability(rows: pd.DataFrame, title: str) -> str:
    """Draw a dot per band with the 95 % interval (Wilson) of the share seen, the diagonal; by log odds."""
    low, high = _odds(0.5), _odds(0.9995)
    axes = Axes((low, high), (low, high))
    ticks = [(_odds(value), f"{value:g}") for value in (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)]
    drawn = _frame(axes, title, "stated probability", ticks, "share that was right", ticks)
    (x1, y1), (x2, y2) = axes.at(low, low), axes.at(high, high)
    drawn.append(_rule(x1, y1, x2, y2))
    for band in calibration(rows).itertuples():
        if band.n:
            ends = [min(max(_odds(share), low), high) for share in _wilson(band.seen, band.n)]
            (x, y), (_, bottom), (_, top) = (
                axes.at(_odds(band.stated), value) for value in (min(_odds(band.seen), high), *ends)
            )
            drawn += [
                f'<line x1="{x:.1f}" y1="{bottom:.1f}" x2="{x:.1f}" y2="{top:.1f}" stroke="{COLOURS[0]}"/>',
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="{COLOURS[0]}"/>',
                _text(x + 12, y + 18, f"{band.band}: {band.n:,} members", "start"),
            ]
    return _svg(drawn)


def _odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log2(share / (1 - share)))


def _wilson(share: float, n: int) -> tuple[float, float]:
    z = 1.96
    middle, spread = share + z * z / (2 * n), z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - spread) / (1 + z * z / n), (middle + spread) / (1 + z * z / n)


def _frame(axes: Axes, title: str, x_label: str, xs: Ticks, y_label: str, ys: Ticks) -> list[str]:
    drawn = [_text(LEFT, 22, title, "start", 15)]
    for value, label in xs:
        x, y = axes.at(value, axes.y[0])
        drawn += [_rule(x, y, x, TOP), _text(x, y + 20, label, "middle")]
    for value, label in ys:
        x, y = axes.at(axes.x[0], value)
        drawn += [_rule(x, y, WIDTH - RIGHT, y), _text(x - 8, y + 4, label, "end")]
    drawn.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x_label, "middle"))
    across = f'transform="rotate(-90 18 {HEIGHT / 2})"'
    return [*drawn, _text(18, HEIGHT / 2, y_label, "middle", extra=across)]


def _line(axes: Axes, xs: Sequence[float], ys: Sequence[float], number: int) -> list[str]:
    """Draw at most one point per pixel: the curves have one per member."""
    points: list[str] = []
    for x, y in zip(xs, ys, strict=True):
        across, up = axes.at(x, y)
        point = f"{across:.0f},{up:.1f}"
        if not points or point.partition(",")[0] != points[-1].partition(",")[0]:
            points.append(point)
    return [f'<polyline points="{" ".join(points)}" fill="none" {_stroke(number)}/>']


def _key(program: str, number: int) -> list[str]:
    x, y = WIDTH - RIGHT + 16, TOP + 20 + 24 * number
    return [
        f'<line x1="{x}" y1="{y}" x2="{x + 28}" y2="{y}" {_stroke(number)}/>',
        _text(x + 36, y + 4, program, "start"),
    ]


def _stroke(number: int) -> str:
    return f'stroke="{COLOURS[number]}" stroke-width="2" stroke-dasharray="{MARKS[number]}"'


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{INK}" stroke-opacity=".3"/>'
    )


def _text(x: float, y: float, text: str, anchor: str, size: int = 13, extra: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {place} fill="{INK}" {extra}>{escape(text)}</text>'


def _svg(drawn: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">'
    return "\n".join([head, *drawn, "</svg>"]) + "\n"
