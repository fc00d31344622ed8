"""Who is matched, who is for review, and why: one row for every case that can be argued about."""

import pandas as pd
import pytest

from matching.people.exact import RULES
from matching.people.link import Policy, match_people

Row = dict[str, object]


def person(person_id: str, given: str, family: str, email: str | None = None, **more: object) -> Row:
    return {
        "person_id": person_id, "given_name": given, "family_name": family, "primary_email": email,
        "display_name": f"{given} {family}", "kind": "employee", "status": "active", **more,
    }  # fmt: skip


WORKFORCE = [
    person("p-ana", "Ana", "Silva", "ana.silva@northwind.example", aliases=["ana@northwind.example"]),
    person("p-jose", "José", "Gonçalves", "jose.goncalves@northwind.example", user_name="jgo"),
    person("p-max-berlin", "Max", "Müller", "max.mueller@northwind.example"),
    person("p-max-bonn", "Max", "Müller", "max.mueller2@northwind.example"),
    person("p-gus", "Gus", "Varga", "gus@agency.example", kind="guest"),
    person("p-left", "Lena", "Brandt", "lena.brandt@northwind.example", status="deprovisioned"),
    person("p-wei", "伟", "王", "wei.wang@northwind.example", display_name="王伟"),
    person("p-okta", "Olga", "Petrova", None, user_name="Olga.Petrova@northwind.example"),
    person("p-vova", "Vova", "Rudolf", "vova.rudolf@northwind.example"),
    person("p-shared-1", "Ines", "Costa", "ines@northwind.example", aliases=["press@northwind.example"]),
    person("p-shared-2", "Rui", "Lopes", "rui@northwind.example", aliases=["press@northwind.example"]),
    *(
        person(f"p-{n:02}", given, family, f"{given}.{family}@northwind.example".lower())
        for n, (given, family) in enumerate(
            [
                ("Ada", "Okafor"),
                ("Bo", "Lindqvist"),
                ("Chiara", "Ricci"),
                ("Dmitri", "Sokolov"),
                ("Eve", "Katz"),
            ]
        )
    ),
]

CASES = [
    # name, address → outcome, person, reason: why the verdict is right
    ("Whoever", "ana.silva@northwind.example", "matched", "p-ana", "exact_address"),
    ("", "  ANA.Silva@Northwind.example\t", "matched", "p-ana", "exact_address"),
    ("Ana", "ana@northwind.example", "matched", "p-ana", "alias"),
    ("J", "jgo@northwind.example", "matched", "p-jose", "user_name"),
    ("Olga", "olga.petrova@northwind.example", "matched", "p-okta", "user_name"),
    ("Ana", "ana+ads@northwind.example", "matched", "p-ana", "plus_address"),
    ("Gus V", "gus@agency.example", "matched", "p-gus", "exact_address"),  # a guest is an ordinary person
    (
        "Lena",
        "lena.brandt@northwind.example",
        "matched",
        "p-left",
        "exact_address",
    ),  # so is who left: the finding
    (
        "Press",
        "press@northwind.example",
        "review",
        "p-shared-1",
        "ambiguous_address",
    ),  # two owners: never a guess
    ("José Gonçalves", None, "matched", "p-jose", "name"),  # nobody else here could be meant
    ("Jose Goncalves", None, "matched", "p-jose", "name"),
    ("Gonçalves, José (Agency)", None, "matched", "p-jose", "name"),
    ("Wang Wei", None, "matched", "p-wei", "name"),
    ("Chiara Rici", None, "matched", "p-02", "name"),  # one letter
    ("D. Sokolov", None, "review", "p-03", "initial_only"),
    ("Chiara", None, "review", "p-02", "given_name_only"),
    ("Max Müller", None, "review", "p-max-berlin", "namesake"),  # two of them
    ("Dmitri Sokolov", "dmitri@bigcorp.example", "review", "p-03", "foreign_address"),
    ("", "dmitrisokolov@gmail.com", "review", "p-03", "name"),  # the name stands in the address
    ("J", "jgo@gmail.com", "unmatched", None, "no_candidate"),  # a user name counts on an own domain only
    ("Zaphod Beeblebrox", None, "unmatched", None, "no_candidate"),
    (None, None, "unmatched", None, "no_candidate"),
    ("😀", "not an address", "unmatched", None, "no_candidate"),
    ("X", "ova.rudolf@northwind.example", "review", "p-vova", "name"),  # one letter off is another address
    ("X", "ana.silva@northwind.example, rui@northwind.example", "unmatched", None, "no_candidate"),  # not one
    ("X", "ana.ſilva@northwind.example", "unmatched", None, "no_candidate"),  # a long s is not an s
]


@pytest.mark.parametrize(("name", "email", "outcome", "person_id", "reason"), CASES)
def test_each_member_has_the_verdict_and_the_reason(
    name: str | None, email: str | None, outcome: str, person_id: str | None, reason: str
) -> None:
    members = pd.DataFrame([{"member_id": "m", "name": name, "email": email}])

    row = match_people(members, pd.DataFrame(WORKFORCE)).outcomes.iloc[0]

    assert (row["outcome"], row["reason"]) == (outcome, reason)
    assert row["person_id"] == person_id if person_id else pd.isna(row["person_id"])
    assert row["rule"] == reason if outcome == "matched" else pd.isna(row["rule"])


def linked(members: list[Row], people: list[Row] = WORKFORCE, **more: object) -> dict[str, Row]:
    result = match_people(pd.DataFrame(members), pd.DataFrame(people), **more)  # type: ignore[arg-type]
    return {str(row["member_id"]): row for row in result.outcomes.to_dict("records")}


@pytest.mark.parametrize(
    ("allowed", "by_name", "outcome"),
    [
        ("never", True, "review"),
        ("low_privilege", True, "matched"),
        ("low_privilege", False, "review"),
        ("always", False, "matched"),
    ],
)
def test_a_name_links_only_whom_the_policy_allows(allowed: str, by_name: bool, outcome: str) -> None:
    members: list[Row] = [{"member_id": "m", "name": "Chiara Ricci", "email": None, "by_name": by_name}]

    row = linked(members, policy=Policy(auto_match_by_name=allowed))["m"]

    assert row["posterior"] > 0.99
    assert (row["outcome"], row["reason"]) == (outcome, "name")


def test_a_name_links_nobody_who_is_less_likely_than_the_policy_asks() -> None:
    members: list[Row] = [{"member_id": "m", "name": "Chiara Ricci"}]

    row = linked(members, policy=Policy(auto_match_posterior=1.0))["m"]

    assert row["outcome"] == "review"


def test_two_members_with_the_name_of_one_person_are_both_for_review() -> None:
    rows = linked([{"member_id": "m1", "name": "Chiara Ricci"}, {"member_id": "m2", "name": "Ricci, Chiara"}])

    assert {(row["outcome"], row["reason"]) for row in rows.values()} == {("review", "taken")}


def test_an_invitation_and_a_seat_may_both_be_one_persons() -> None:
    rows = linked(
        [
            {"member_id": "m1", "pool": "user", "name": "Chiara Ricci"},
            {"member_id": "m2", "pool": "pending", "email": "chiara.ricci@northwind.example"},
        ]
    )

    assert {(row["outcome"], row["person_id"]) for row in rows.values()} == {("matched", "p-02")}


def test_the_primary_address_takes_the_seat_and_an_alias_is_for_review() -> None:
    rows = linked(
        [
            {"member_id": "a-second", "name": "Ana", "email": "ana@northwind.example"},
            {"member_id": "b-first", "name": "Ana", "email": "ana.silva@northwind.example"},
        ]
    )

    assert (rows["b-first"]["outcome"], rows["b-first"]["reason"]) == ("matched", "exact_address")
    assert (rows["a-second"]["outcome"], rows["a-second"]["reason"]) == ("review", "taken")
    assert rows["a-second"]["person_id"] == "p-ana"


def test_two_seats_with_equal_claims_are_both_for_review() -> None:
    rows = linked([{"member_id": m, "email": "ana.silva@northwind.example"} for m in ("m1", "m2")])

    assert [(row["outcome"], row["reason"]) for row in rows.values()] == [("review", "taken")] * 2


def test_a_namesake_of_somebody_with_a_seat_is_told_so() -> None:
    rows = linked(
        [
            {"member_id": "m1", "name": "Chiara", "email": "chiara.ricci@northwind.example"},
            {"member_id": "m2", "name": "Chiara Ricci", "email": None},
        ]
    )

    assert rows["m2"]["outcome"] != "matched"
    assert rows["m2"]["reason"] == "taken"


def earlier(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["member_id", "person_id"])


def test_an_earlier_link_stays_when_the_address_is_hidden_now() -> None:
    row = linked([{"member_id": "m", "name": "A. S."}], earlier_links=earlier(("m", "p-ana")))["m"]

    assert (row["outcome"], row["person_id"], row["rule"]) == ("matched", "p-ana", "earlier_link")


def test_an_earlier_link_that_the_address_contradicts_is_for_review_with_both() -> None:
    members = pd.DataFrame([{"member_id": "m", "name": "Rui", "email": "rui@northwind.example"}])

    result = match_people(members, pd.DataFrame(WORKFORCE), earlier_links=earlier(("m", "p-ana")))

    assert result.outcomes.iloc[0][["outcome", "reason"]].tolist() == ["review", "ambiguous_address"]
    assert set(result.candidates["person_id"]) == {"p-ana", "p-shared-2"}


def test_an_earlier_link_to_somebody_who_is_gone_is_forgotten() -> None:
    row = linked(
        [{"member_id": "m", "email": "rui@northwind.example"}], earlier_links=earlier(("m", "p-nobody"))
    )["m"]

    assert (row["outcome"], row["person_id"], row["rule"]) == ("matched", "p-shared-2", "exact_address")


def test_who_was_linked_earlier_keeps_the_seat_against_a_newcomer() -> None:
    rows = linked(
        [{"member_id": "old", "name": "A."}, {"member_id": "new", "email": "ana.silva@northwind.example"}],
        earlier_links=earlier(("old", "p-ana")),
    )

    assert rows["old"]["outcome"] == "matched"
    assert (rows["new"]["outcome"], rows["new"]["reason"]) == ("review", "taken")


def test_two_seats_that_were_both_given_to_one_person_stay_his() -> None:
    rows = linked(
        [{"member_id": "m1"}, {"member_id": "m2"}], earlier_links=earlier(("m1", "p-ana"), ("m2", "p-ana"))
    )

    assert [row["outcome"] for row in rows.values()] == ["matched", "matched"]


def test_a_retired_own_domain_with_the_same_name_before_the_at_is_as_good_as_a_name() -> None:
    members: list[Row] = [{"member_id": "m", "email": "eve.katz@oldwind.example"}]

    rows = [
        linked(members, own_domains=["oldwind.example"], policy=Policy(auto_match_by_name=allowed))["m"]
        for allowed in ("never", "always")
    ]

    assert [(row["outcome"], row["person_id"], row["reason"]) for row in rows] == [
        ("review", "p-04", "former_domain"),
        ("matched", "p-04", "former_domain"),
    ]


def test_a_domain_from_which_several_write_under_our_names_is_taken_for_a_retired_one() -> None:
    names = ("eve.katz", "bo.lindqvist", "ada.okafor")
    rows = linked([{"member_id": name, "email": f"{name}@oldwind.example"} for name in names])

    assert {row["reason"] for row in rows.values()} == {"former_domain"}


def test_exact_links_score_at_least_fifty_and_nobody_minus_one_hundred() -> None:
    rows = linked(
        [{"member_id": str(n), "name": name, "email": email} for n, (name, email, *_) in enumerate(CASES)]
    )

    for row in rows.values():
        assert 0 <= row["posterior"] <= 1
        assert (row["score"] >= 50) == (row["rule"] in RULES)
        assert (row["score"] == -100) == (row["reason"] == "no_candidate")


def test_the_evidence_of_a_pair_adds_up_and_ranks_the_candidates() -> None:
    members = pd.DataFrame(
        [
            {"member_id": str(n), "name": name, "email": email}
            for n, (name, email, outcome, *_) in enumerate(CASES)
            if outcome != "matched"
        ]
    )

    result = match_people(members, pd.DataFrame(WORKFORCE))

    sums = result.evidence.groupby(["member_id", "rank", "person_id"], as_index=False)["bits"].sum()
    both = result.candidates.merge(sums, on=["member_id", "rank", "person_id"], how="left")
    assert both["bits"].notna().all()
    assert both["rank"].between(1, 5).all()
    for _, rows in both.groupby("member_id"):
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
        assert rows["bits"].round(6).is_monotonic_decreasing


def test_aliases_stay_with_their_person_whatever_the_index_of_the_frame() -> None:
    people = pd.DataFrame(WORKFORCE).iloc[::-1]

    outcome = match_people(
        pd.DataFrame([{"member_id": "m", "email": "ana@northwind.example"}]), people
    ).outcomes

    assert outcome["person_id"].tolist() == ["p-ana"]


def test_an_exact_link_says_which_addresses_are_the_same() -> None:
    members = pd.DataFrame([{"member_id": "m", "email": "ANA@northwind.example"}])

    evidence = match_people(members, pd.DataFrame(WORKFORCE)).evidence

    assert evidence[["field", "member_value", "person_value", "comparison"]].to_numpy().tolist() == [
        ["email", "ANA@northwind.example", "ana@northwind.example", "same as an alias"]
    ]


@pytest.mark.parametrize("ids", [["x", "x"], ["x", None], ["x", ""]])
def test_an_id_that_is_empty_or_comes_twice_is_refused(ids: list[str | None]) -> None:
    good = pd.DataFrame({"member_id": ["m"], "person_id": ["p"]})

    with pytest.raises(ValueError, match="member_id"):
        match_people(pd.DataFrame({"member_id": ids}), good)
    with pytest.raises(ValueError, match="person_id"):
        match_people(good, pd.DataFrame({"person_id": ids}))


@pytest.mark.parametrize(
    ("whole", "short"),
    [
        ("William", "Bill"),
        ("Katarzyna", "Kasia"),
        ("Volodymyr", "Vova"),
        ("José", "Pepe"),
        ("Bram", "Abraham"),
    ],
)
def test_a_short_form_finds_the_whole_name_and_costs_two_bits(whole: str, short: str) -> None:
    people = [*WORKFORCE, person("p-new", whole, "Hartwell", f"{whole}@northwind.example")]
    result = match_people(
        pd.DataFrame(
            [{"member_id": "m", "name": f"{short} Hartwell"}, {"member_id": "n", "name": f"{whole} Hartwell"}]
        ),
        pd.DataFrame(people),
    )

    evidence = result.evidence[(result.evidence["field"] == "given_name") & (result.evidence["rank"] == 1)]
    rows = evidence.set_index("member_id")
    assert rows.loc["m", "comparison"] == "nickname"
    assert rows.loc["n", "bits"] - rows.loc["m", "bits"] == pytest.approx(2)


def test_a_name_that_is_its_own_is_no_misspelling_of_another() -> None:
    people = [
        *WORKFORCE,
        person("p-yang", "Ping", "Yang"),
        *(person(f"p-ming-{n}", "Ming", f"Surname{'abcdefgh'[n]}") for n in range(8)),
    ]
    rows = {
        one: linked([{"member_id": "m", "name": f"{one} Yang"}], people)["m"]
        for one in ("Ming", "Pinq", "Ping")
    }

    assert {row["person_id"] for row in rows.values()} == {"p-yang"}
    assert rows["Ming"]["score"] < rows["Pinq"]["score"] - 3 < rows["Ping"]["score"] - 3


def test_a_family_name_that_is_one_of_many_rare_ones_tells_more_than_one_of_few() -> None:
    def score(families: list[str]) -> float:
        people = [
            person("p", "Ana", "Hartwell"),
            *(person(f"p-{n}", "Ana", one) for n, one in enumerate(families)),
        ]
        return float(str(linked([{"member_id": "m", "name": "Ana Hartwell"}], people)["m"]["score"]))

    once = [f"{a}{b}mont" for a in "bcdfghjklmnpqrst" for b in ("ara", "ilo", "enu", "oda", "usi")]
    twice = [one for one in once[::2] for _ in range(2)]

    assert score(once) > score(twice) + 1  # where most names come once, the next stranger has another one


def strangers(among: int) -> list[Row]:
    return [{"member_id": f"s{n}", "name": f"Unheard Of{n}"} for n in range(among)]


def test_the_more_strangers_there_are_the_less_a_name_says() -> None:
    chiara: Row = {"member_id": "m", "name": "Chiara Rici"}

    alone, among = linked([chiara])["m"], linked([chiara, *strangers(500)])["m"]

    assert among["posterior"] < alone["posterior"]


def test_one_stranger_more_changes_nobody_elses_probability() -> None:
    chiara: Row = {"member_id": "m", "name": "Chiara Rici"}

    assert linked([chiara, *strangers(20)])["m"] == linked([chiara, *strangers(21)])["m"]


def test_impostors_do_not_make_each_other_credible() -> None:
    chiara: Row = {"member_id": "m", "name": "Chiara Ricci"}
    impostors: list[Row] = [
        {"member_id": f"i{n}", "name": str(one["display_name"])} for n, one in enumerate(WORKFORCE * 40)
    ]

    alone, among = linked([chiara])["m"], linked([chiara, *impostors])["m"]

    assert float(str(among["score"])) <= float(str(alone["score"])) + 2
