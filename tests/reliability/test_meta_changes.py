"""Many edges in trouble at once while people came and went: only the truth is told, and then all of it.

Every fault hits the listings of members, those of assets, and grants in both ways of being asked for; once or
for ever by turns, both with --all-cases. After a fault that lasted, a check without it tells the whole truth.
"""

from tests.flows.by_hand import act_by_hand
from tests.reliability.meta_cases import Case
from tests.reliability.meta_scene import Scene
from tests.reliability.meta_verdict import nothing_false_is_told

PLACES = "groups"
DEED = act_by_hand


def test_the_deeds_of_the_day_are_what_a_calm_check_tells(meta_scene: Scene) -> None:
    assert len(meta_scene.calm.told) == 6


def test_only_what_is_true_is_told_and_after_the_trouble_all_of_it(meta_scene: Scene, case: Case) -> None:
    nothing_false_is_told(meta_scene, case)
