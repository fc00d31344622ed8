"""Every fault on grants that come by expansion and batch in turn, and on the business itself.

Every fault hits every edge in every way of being asked for in which it can; once and for ever by turns, both
with --all-cases.
"""

from tests.reliability.meta_cases import Case
from tests.reliability.meta_scene import Scene
from tests.reliability.meta_verdict import nothing_is_lost

PLACES = "others"


def test_what_is_read_is_right_or_says_why_and_nothing_is_gone(meta_scene: Scene, case: Case) -> None:
    nothing_is_lost(meta_scene, case)
