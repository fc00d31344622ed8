"""Old ids become new ones where address and name are the same, and nowhere else."""

import pandas as pd

from matching.people.rekey import Rekeying, rekeying


def people(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person_id", "display_name", "primary_email"])
    return frame.assign(given_name=None, family_name=None)


ANA, BEN, CLEO = ("Ana Ruiz", "ana@x.example"), ("Ben Oz", "ben@x.example"), ("Cleo Marsh", "cleo@x.example")


def test_the_same_address_and_name_are_the_same_person() -> None:
    found = rekeying(
        people(("1", *ANA), ("2", *BEN), ("3", *CLEO)),
        people(("a", "ANA  ruiz", "Ana@X.example"), ("2", *BEN), ("c", "Cleo Novak", "cleo@x.example")),
    )

    assert found == Rekeying({"1": "a"}, unmapped=("3",), reused=())


def test_ids_may_go_round_in_a_circle_and_one_that_is_left_over_makes_room() -> None:
    """A source that numbers its rows: who was taken out leaves his number to the next one."""
    found = rekeying(people(("1", *ANA), ("2", *BEN), ("3", *CLEO)), people(("1", *BEN), ("2", *CLEO)))

    assert found == Rekeying({"2": "1", "3": "2"}, unmapped=(), reused=("1",))


def test_what_two_people_have_in_common_leads_nowhere() -> None:
    twins = people(("1", *ANA), ("2", *ANA))

    assert rekeying(twins, people(("a", *ANA))).ids == {}
    assert rekeying(people(("a", *ANA)), twins).ids == {}


def test_who_has_no_address_or_no_name_leads_nowhere() -> None:
    some = people(("1", "Ana Ruiz", None), ("2", "", "ben@x.example"))

    assert rekeying(some, some.assign(person_id=["a", "b"])).ids == {}
    assert rekeying(some, some).unmapped == ()
