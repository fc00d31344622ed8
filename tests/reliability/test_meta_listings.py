"""Every fault on every listing of the hub, once, for ever, and from a second page on.

Every fault hits every edge in every way of being asked for in which it can; once and for ever by turns, both
with --all-cases.
"""

from tests.reliability.meta_cases import Case
from tests.reliability.meta_scene import Scene
from tests.reliability.meta_verdict import nothing_is_lost

PLACES = "listings"


def test_a_listing_is_right_or_says_why_and_nobody_is_gone(meta_scene: Scene, case: Case) -> None:
    nothing_is_lost(meta_scene, case)
