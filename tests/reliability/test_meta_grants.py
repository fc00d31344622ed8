"""Every fault on every edge of grants, by expansion and by batch; once, for ever, from a second member on.

Every fault hits every edge in every way of being asked for in which it can; once and for ever by turns, both
with --all-cases.
"""

from tests.reliability.meta_cases import Case
from tests.reliability.meta_scene import Scene
from tests.reliability.meta_verdict import nothing_is_lost

PLACES = "grants"


def test_grants_are_right_or_say_why_and_none_is_gone(meta_scene: Scene, case: Case) -> None:
    nothing_is_lost(meta_scene, case)
