"""Names link nobody before the Owners' own decisions support it, where that is asked for."""

import pandas as pd
import pytest

from matching.people.link import Policy
from matching.roster.decided import Decided
from matching.roster.name_support import support_by_decisions
from matching.roster.seats import Seated, seat_members

POLICY = Policy()
GIVEN = ["Ludmila", "Osvaldo", "Branwen", "Tavish", "Ximena", "Yorick", "Zaneta", "Fulgencio"]
FAMILY = [
    "Harkonnsen",
    "Abernethy",
    "Quillfeather",
    "Mastropiero",
    "Dziedzic",
    "Oyelaran",
    "Vantongeren",
    "Ruuska",
]
PEOPLE = pd.DataFrame(
    {
        "person_id": [f"p{n}" for n in range(8)],
        "given_name": GIVEN,
        "family_name": FAMILY,
        "display_name": None,
        "primary_email": [f"u{n}@northwind.example" for n in range(8)],
        "kind": "employee",
        "status": "active",
    }
)  # fmt: skip
MEMBERS = pd.DataFrame(
    {
        "kind": "user",
        "member_id": [str(n) for n in range(8)],
        "name": [f"{given} {family}" for given, family in zip(GIVEN, FAMILY, strict=True)],
        "first_name": None,
        "last_name": None,
        "email": None,
        "role": "EMPLOYEE",
        "finance_permission": None,
        "managing_grants": 0,
        "name_changed": False,
        "status": None,
        "business_role_request_id": None,
    }
)  # fmt: skip


def decided(*pairs: tuple[str, int, int]) -> pd.DataFrame:
    """Return decisions about (kind, member, person)."""
    rows = [(kind, str(member), f"p{person}", None) for kind, member, person in pairs]
    return pd.DataFrame(rows, columns=["kind", "member_id", "person_id", "evidence"], dtype="object")


def why(decisions: pd.DataFrame, after: int, policy: Policy = POLICY) -> str:
    support = support_by_decisions(MEMBERS, PEOPLE, decisions, after=after, policy=policy)
    assert support.is_enough == (support.why == "")
    return support.why


RIGHT = [("link", n, n) for n in range(4)]


def test_without_the_setting_and_where_names_never_link_nothing_is_asked_for() -> None:
    assert why(decided(), 0) == ""
    assert why(decided(), 5, Policy(auto_match_by_name="never")) == ""


def test_so_many_decisions_are_waited_for_and_the_sentence_counts_them() -> None:
    assert why(decided(*RIGHT[:3]), 4).startswith(
        "Nobody is linked by name alone yet: 3 of 4 decisions are made"
    )
    assert why(decided(*RIGHT), 4) == ""
    assert "3 of 4" in why(decided(*RIGHT[:3], RIGHT[0]), 4)  # said twice is decided once


@pytest.mark.parametrize("wrong", [("link", 4, 5), ("reject", 4, 4)])
def test_one_wrong_name_among_few_is_too_many_whether_another_was_meant_or_only_he_was_not(
    wrong: tuple[str, int, int],
) -> None:
    told = why(decided(*RIGHT, wrong), 4)

    assert "of 5 decided members whom the name would have linked, 4 were rightly so; 99 %" in told
    assert why(decided(*RIGHT, wrong), 4, Policy(0.8)) == ""  # four of five are what is asked for


def test_a_no_that_no_name_contradicts_is_no_error() -> None:
    assert why(decided(*RIGHT, ("reject", 4, 6)), 4) == ""


def test_decisions_about_pairs_that_no_name_would_link_prove_nothing() -> None:
    strangers = MEMBERS.assign(name="Somebody Else")
    support = support_by_decisions(strangers, PEOPLE, decided(*RIGHT), after=4, policy=POLICY)

    assert "none of the 4 decisions" in support.why
    assert not support.were_wrong


def test_an_address_that_decides_is_no_proof_of_names() -> None:
    """Whoever is known by address is matched again without it."""
    known = MEMBERS.assign(email=PEOPLE["primary_email"], name="Somebody Else")

    assert not support_by_decisions(known, PEOPLE, decided(*RIGHT), after=4, policy=POLICY).is_enough


# --- what follows for the seats -----------------------------------------------------------------------------


def seated(pairs: pd.DataFrame, after: int, links: dict[int, int] | None = None) -> Seated:
    members = MEMBERS.assign(created_at=None)
    stays = pd.DataFrame(
        {"stay_id": [f"s{n}" for n in range(8)], "kind": "user", "member_id": MEMBERS["member_id"]}
    )
    earlier = pd.DataFrame(
        [
            (f"s{m}", "matched", f"p{p}", "name", pd.Timestamp("2026-01-01"), pd.NaT)
            for m, p in (links or {}).items()
        ],
        columns=["stay_id", "outcome", "person_id", "rule", "valid_from", "valid_to"],
    )
    by_stay = pairs.assign(member_id="s" + pairs["member_id"]).rename(columns={"member_id": "stay_id"})
    return seat_members(
        members, PEOPLE, stays, earlier, policy=POLICY, by_name_after=after, decided=Decided(pairs=by_stay)
    )


def linked(result: Seated) -> set[str]:
    return set(result.seats.loc[result.seats["outcome"] == "matched", "member_id"])


def test_until_then_every_other_member_is_a_question_with_the_person_beside_it() -> None:
    early, late = seated(decided(*RIGHT[:3]), 4), seated(decided(*RIGHT), 4)

    assert linked(early) == {"0", "1", "2"}
    assert set(early.seats["outcome"]) == {"matched", "review"}
    assert early.by_name_off
    assert early.seats["best_person_id"].tolist() == PEOPLE["person_id"].tolist()
    assert linked(late) == set(MEMBERS["member_id"])
    assert late.by_name_off == ""


def test_earlier_links_by_name_stand_while_decisions_are_few_and_are_asked_about_when_they_were_wrong() -> (
    None
):
    few = seated(decided(*RIGHT[:2]), 4, {6: 6})
    wrong = seated(decided(*RIGHT, ("reject", 4, 4)), 4, {6: 6})

    assert linked(few) == {"0", "1", "6"}
    assert linked(wrong) == {"0", "1", "2", "3"}
