"""What people decided beats every rule; links by name stand while nothing speaks against them."""

import pandas as pd
import pytest

from matching.people.decisions import facts_of
from matching.people.link import Policy, match_people

Row = dict[str, object]

PEOPLE: list[Row] = [
    {
        "person_id": "p-ana",
        "given_name": "Ana",
        "family_name": "Silva",
        "primary_email": "ana@northwind.example",
    },
    {
        "person_id": "p-bo",
        "given_name": "Bo",
        "family_name": "Lindqvist",
        "primary_email": "bo@northwind.example",
    },
    {
        "person_id": "p-cy",
        "given_name": "Cyril",
        "family_name": "Okafor",
        "primary_email": "cy@northwind.example",
    },
    {
        "person_id": "p-di",
        "given_name": "Dilara",
        "family_name": "Aksoy",
        "primary_email": "di@northwind.example",
    },
]
ANA: Row = {"member_id": "m", "name": "Ana Silva", "email": "ana@northwind.example"}
CYRIL: Row = {"member_id": "m", "name": "Cyril Okafor", "email": None}


def decided(kind: str, person: str, member: str = "m", evidence: str | None = None) -> pd.DataFrame:
    return pd.DataFrame(
        [{"kind": kind, "member_id": member, "person_id": person, "evidence": evidence}], dtype="object"
    )


def linked_before(person: str, rule: str, member: str = "m") -> pd.DataFrame:
    return pd.DataFrame([{"member_id": member, "person_id": person, "rule": rule}])


def found(members: list[Row], people: list[Row] = PEOPLE, **more: object) -> dict[str, Row]:
    more.setdefault("policy", Policy(auto_match_by_name="always"))
    result = match_people(pd.DataFrame(members), pd.DataFrame(people), **more)  # type: ignore[arg-type]
    return {str(row["member_id"]): row for row in result.outcomes.to_dict("records")}


def who(row: Row) -> tuple[object, object, object]:
    return row["outcome"], row["person_id"], row["rule"]


def test_a_yes_beats_the_address_that_says_somebody_else() -> None:
    assert who(found([ANA], decisions=decided("link", "p-bo"))["m"]) == ("matched", "p-bo", "decision")


def test_a_yes_gives_a_person_a_second_seat_and_throws_no_doubt_on_either() -> None:
    second: Row = {"member_id": "second", "name": "Ana (private)", "email": None}
    rows = found([ANA, second], decisions=decided("link", "p-ana", "second"))

    assert who(rows["second"]) == ("matched", "p-ana", "decision")
    assert rows["m"]["outcome"] == "review"  # no rule gives a person two seats: the other one is asked about
    assert rows["m"]["reason"] == "taken"


@pytest.mark.parametrize("member", [ANA, CYRIL])
def test_a_no_beats_address_and_name(member: Row) -> None:
    right = str(found([member])["m"]["person_id"])
    row = found([member], decisions=decided("reject", right))["m"]

    assert row["outcome"] != "matched"
    assert row["person_id"] != right


def test_a_no_ends_an_earlier_link() -> None:
    before = linked_before("p-bo", "earlier_link")

    assert who(found([CYRIL], earlier_links=before)["m"])[:2] == ("matched", "p-bo")
    again = found([CYRIL], earlier_links=before, decisions=decided("reject", "p-bo"))["m"]
    assert who(again) == ("matched", "p-cy", "name")


def test_a_rejected_pair_comes_back_with_new_evidence_and_not_before() -> None:
    pair = pd.DataFrame([{"member_id": "m", "person_id": "p-cy"}])
    seen = facts_of(pd.DataFrame([CYRIL]), pd.DataFrame(PEOPLE), pair)[0]
    no = decided("reject", "p-cy", evidence=seen)
    renamed = [one | {"family_name": "Okafor-Berg"} if one["person_id"] == "p-cy" else one for one in PEOPLE]
    shuffled = [dict(reversed(one.items())) for one in reversed(PEOPLE)]

    assert found([CYRIL], decisions=no)["m"]["person_id"] != "p-cy"
    assert found([CYRIL | {"name": "cyril  OKAFOR"}], decisions=no)["m"]["person_id"] != "p-cy"
    assert found([CYRIL], shuffled, decisions=no)["m"]["person_id"] != "p-cy"
    again = found([CYRIL], renamed, decisions=no)["m"]
    assert (again["person_id"], again["outcome"]) == ("p-cy", "review")  # asked again, never linked
    assert found([CYRIL | {"email": "cyril.okafor@gmail.com"}], decisions=no)["m"]["person_id"] == "p-cy"


def test_decisions_about_who_is_not_there_change_nothing() -> None:
    decisions = pd.concat([decided("link", "p-gone"), decided("reject", "p-ana", "m-gone")])

    assert found([ANA], decisions=decisions) == found([ANA])


def test_a_decision_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="link or reject"):
        found([ANA], decisions=decided("maybe", "p-ana"))
    with pytest.raises(ValueError, match="two persons"):
        found([ANA], decisions=pd.concat([decided("link", "p-ana"), decided("link", "p-bo")]))


@pytest.mark.parametrize("by_name", ["never", "low_privilege", "always"])
def test_a_link_by_name_stands_whatever_is_allowed_by_now(by_name: str) -> None:
    row = found(
        [CYRIL | {"by_name": False}],
        earlier_links=linked_before("p-cy", "name"),
        policy=Policy(auto_match_by_name=by_name),
    )["m"]

    assert who(row) == ("matched", "p-cy", "name")


def test_a_link_by_name_stands_when_a_namesake_comes() -> None:
    namesake = [*PEOPLE, PEOPLE[2] | {"person_id": "p-a-namesake", "primary_email": "co@northwind.example"}]

    assert found([CYRIL], namesake)["m"]["outcome"] == "review"
    kept = found([CYRIL], namesake, earlier_links=linked_before("p-cy", "name"))["m"]
    assert who(kept) == ("matched", "p-cy", "name")
    assert float(str(kept["posterior"])) < 0.6  # it stands, and says how sure it is today


def test_a_link_by_name_yields_to_an_address() -> None:
    before = linked_before("p-cy", "name")
    other: Row = {"member_id": "other", "name": "C", "email": "cy@northwind.example"}

    own = found([CYRIL | {"email": "di@northwind.example"}], earlier_links=before)["m"]
    assert who(own) == ("matched", "p-di", "exact_address")
    rows = found([CYRIL, other], earlier_links=before)
    assert who(rows["other"]) == ("matched", "p-cy", "exact_address")
    assert (rows["m"]["outcome"], rows["m"]["reason"]) == ("review", "taken")


def test_a_second_one_of_that_name_is_not_linked() -> None:
    rows = found([CYRIL, CYRIL | {"member_id": "m2"}], earlier_links=linked_before("p-cy", "name"))

    assert who(rows["m"]) == ("matched", "p-cy", "name")
    assert (rows["m2"]["outcome"], rows["m2"]["reason"]) == ("review", "taken")


def test_nobody_is_linked_by_name_to_a_person_for_whom_that_is_not_allowed() -> None:
    people = [one | {"by_name": one["person_id"] != "p-cy"} for one in PEOPLE]

    assert found([CYRIL], people)["m"]["outcome"] == "review"
    assert who(found([ANA], [one | {"by_name": False} for one in PEOPLE])["m"])[:2] == ("matched", "p-ana")


@pytest.mark.parametrize("address", ["cyril.okafor@rival.example", "c.okafor@rival.example"])
def test_a_link_by_name_ends_when_the_address_turns_out_to_be_another_companys(address: str) -> None:
    before = linked_before("p-cy", "name")
    left = [one | {"by_name": one["person_id"] != "p-cy"} for one in PEOPLE]

    assert found([CYRIL | {"email": address}], earlier_links=before)["m"]["outcome"] == "review"
    # but who has left doesn't get off the list by showing another address
    assert who(found([CYRIL | {"email": address}], left, earlier_links=before)["m"])[:2] == (
        "matched",
        "p-cy",
    )


@pytest.mark.parametrize(
    ("member", "always", "careful"),
    [
        (CYRIL, "matched", "matched"),
        # an address of ours that nobody has: a namesake's, say, who left and was deleted
        (CYRIL | {"email": "cyril.okafor@northwind.example"}, "matched", "review"),
        # he calls himself otherwise
        ({"member_id": "m", "name": "Jim Jones", "email": "cyril.okafor@gmail.com"}, "matched", "review"),
        ({"member_id": "m", "name": None, "email": "cyril.okafor@gmail.com"}, "matched", "review"),
    ],
)
def test_a_check_is_more_careful_than_who_allows_every_name(member: Row, always: str, careful: str) -> None:
    for rule, outcome in (("always", always), ("low_privilege", careful)):
        assert found([member], policy=Policy(auto_match_by_name=rule))["m"]["outcome"] == outcome


def test_by_name_is_true_or_false() -> None:
    with pytest.raises(ValueError, match="true or false"):
        found([CYRIL | {"by_name": "false"}])
