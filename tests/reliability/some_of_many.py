"""Of many like cases `make test` plays some, `make matrix` all."""

from collections.abc import Iterable
from typing import Any

import pytest


def some_of(cases: Iterable[Any], one_in: int) -> list[Any]:
    """Return the cases for `parametrize`; all but the first of each `one_in` are left to `make matrix`."""
    return [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.thorough)
        if place % one_in
        else pytest.param(*(case if isinstance(case, tuple) else (case,)))
        for place, case in enumerate(cases)
    ]
