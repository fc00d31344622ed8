"""Two pictures of a backtest, as SVG: lines and dots in a square from 0 to 1."""

from collections.abc import Sequence

Points = Sequence[tuple[float, float]]

_SIDE, _EDGE = 400, 60  # of the square, and of the room around it for the axes
_INK, _LINE, _PALE = "#555", "#2563eb", "#999"


def precision_recall(points: Points) -> str:
    """Return precision against recall: one point per posterior, from the surest."""
    line = " ".join(f"{_x(recall):.1f},{_y(precision):.1f}" for recall, precision in points)
    drawn = f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="2"/>' if points else ""
    return _picture("How many are found, and how many of them rightly", "recall", "precision", drawn)


def calibration(bands: Sequence[tuple[float, float, int]]) -> str:
    """Return what was seen against what was stated: one dot per band, with how many members it stands for."""
    even = f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="{_PALE}" stroke-dasharray="4 4"/>'
    dots = "".join(
        f'<circle cx="{_x(stated):.1f}" cy="{_y(seen):.1f}" r="4" fill="{_LINE}">'
        f"<title>{members} members: stated {stated:.3f}, seen {seen:.3f}</title></circle>"
        for stated, seen, members in bands
    )
    return _picture("How sure it says it is, and how often it is right", "stated", "seen", even + dots)


def _picture(title: str, across: str, up: str, drawn: str) -> str:
    whole = _SIDE + 2 * _EDGE
    ticks = "".join(
        f'<text x="{_x(at / 5):.0f}" y="{_y(0) + 20}" text-anchor="middle">{at / 5:.1f}</text>'
        f'<text x="{_x(0) - 10}" y="{_y(at / 5) + 4:.0f}" text-anchor="end">{at / 5:.1f}</text>'
        for at in range(6)
    )
    middle = whole // 2
    frame = f'x="{_EDGE}" y="{_EDGE}" width="{_SIDE}" height="{_SIDE}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img" '
        f'font-family="sans-serif" font-size="13" fill="{_INK}"><title>{title}</title>'
        f'<text x="{middle}" y="30" text-anchor="middle" font-size="15">{title}</text>'
        f'<rect {frame} fill="none" stroke="{_PALE}"/>{ticks}'
        f'<text x="{middle}" y="{whole - 12}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">{up}</text>'
        f"{drawn}</svg>\n"
    )


def _x(share: float) -> float:
    return _EDGE + share * _SIDE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIDE
