"""Which boundaries a check is killed at, and how often it has passed them then."""

from tasks.boundaries import BOUNDARIES

# These are passed many times in a check; the others once.
MANY = {"raw.rows_written": 36, "raw.rows_named": 36, "raw.parts_appended": 8, "raw.parts_named": 8}
MIGRATIONS = 6


def passings(*, first: bool) -> list[tuple[str, int]]:
    """Return the boundaries of a first check, or of a later one: (name, how many times passed) each."""
    cases = []
    for name in BOUNDARIES:
        if not first and name in ("warehouse.made", "warehouse.named"):
            continue  # it is there already
        times = (MIGRATIONS if name.startswith("warehouse.migrat") else 1) if first else MANY.get(name, 1)
        cases += [(name, nth) for nth in sorted({1, (times + 1) // 2, times})]
    return cases
