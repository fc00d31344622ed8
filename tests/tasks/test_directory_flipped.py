"""Too many leavers at once, or too many who come back, are a mistake until somebody says otherwise."""

import pytest

from tasks.directory.flipped import flipped


def people(active: int, gone: int = 0) -> dict[str, str]:
    left = {f"left{n}": "deprovisioned" for n in range(gone)}
    return {f"p{n}": "active" for n in range(active)} | left


def leave(last: dict[str, str], many: int) -> dict[str, str]:
    turned = [person for person, status in last.items() if status == "active"][:many]
    return last | dict.fromkeys(turned, "deprovisioned")


@pytest.mark.parametrize(
    ("active", "most"),
    [(1, 1), (2, 2), (3, 2), (5, 4), (6, 5), (12, 5), (40, 5), (60, 6), (100, 10), (12_000, 1_200)],
)
def test_as_many_may_leave_at_once_and_no_more(active: int, most: int) -> None:
    last = people(active, gone=2)

    assert flipped(leave(last, most), last) is None
    if most < active:
        said = flipped(leave(last, most + 1), last)
        assert said == f"marks {most + 1} of the {active} active people as gone, {most} are allowed at once"


@pytest.mark.parametrize("size", [5, 12, 40, 12_000])
def test_a_leaver_a_day_never_trips_it(size: int) -> None:
    last = people(size)
    for _ in range(min(size, 30)):
        now = leave(last, 1)
        assert flipped(now, last) is None
        last = now


def test_an_inverted_column_brings_leavers_back_and_is_refused() -> None:
    last = people(4, gone=40)
    now = last | dict.fromkeys((person for person in last if person.startswith("left")), "active")

    assert (
        flipped(now, last) == "marks 40 of the 40 people who had left as active again, 5 are allowed at once"
    )
    assert flipped(last | {"left1": "active"}, last) is None


def test_who_is_absent_or_suspended_is_not_counted() -> None:
    last = people(40)

    assert flipped({}, last) is None
    assert flipped(dict.fromkeys(last, "suspended"), last) is None
