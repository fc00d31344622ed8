"""One name written in two ways: each pair was met somewhere, and must lead to the one person."""

import pandas as pd
import pytest

from deployments.sandbox.labelled import labelled
from matching.people.fold import other_spellings
from matching.people.link import Policy, match_people

COLUMNS = ["person_id", "given_name", "family_name", "display_name"]
OTHERS = pd.DataFrame(labelled(3, 1_500, 10).directory)[COLUMNS]

PAIRS = [
    # a given name of two syllables or words, with a hyphen, a space, or neither
    ("Min-jun Kim", "Minjun", "Kim"),
    ("Minjun Kim", "Min-jun", "Kim"),
    ("Kim Minjun", "Min Jun", "Kim"),
    ("Ya Wen Chen", "Ya-Wen", "Chen"),
    ("Yawen Chen", "Ya-Wen", "Chen"),
    ("Xiao Ming Huang", "Xiaoming", "Huang"),
    ("Mary Ann Fletcher", "Maryann", "Fletcher"),
    ("Annamaria Koch", "Anna Maria", "Koch"),
    ("Jeanluc Picard", "Jean-Luc", "Picard"),
    ("Gianluca Deluca", "Gian Luca", "De Luca"),
    # a family name with a short word before it
    ("Ian Mc Donald", "Ian", "McDonald"),
    ("Ian McDonald", "Ian", "Mc Donald"),
    ("Sean O Brien", "Sean", "O'Brien"),
    ("Marco D Angelo", "Marco", "D'Angelo"),
    ("Thomas Vandenberg", "Thomas", "van den Berg"),
    ("Thomas van den Berg", "Thomas", "Vandenberg"),
    ("Muhammad Alhashimi", "Mohammed", "Al-Hashimi"),
    # two letters for one with dots
    ("Jürgen Müller", "Juergen", "Mueller"),
    ("Juergen Mueller", "Jürgen", "Müller"),
    ("Aase Aakesson", "Åse", "Åkesson"),
    ("Søren Sørensen", "Soeren", "Soerensen"),
    ("Peter Weiß", "Peter", "Weiss"),
    # one name in several transcriptions, or in its own script
    ("Alexander Petrov", "Александр", "Петров"),
    ("Yulia Shevchenko", "Юлия", "Шевченко"),
    ("Sergey Ivanov", "Сергій", "Іванов"),
    ("Mohamed Hussein", "Muhammad", "Hussain"),
    ("김민준", "Minjun", "Kim"),
    ("Kim Minjun", "민준", "김"),
    ("이도우", "Do-woo", "Lee"),
    ("Ольга Ильина", "Olga", "Ilina"),
    ("Георгий Цветков", "Georgii", "Zwetkow"),
    ("Валерия Зимина", "Walerija", "Simina"),
    ("Олексій Гриценко", "Oleksii", "Hrytsenko"),
    ("Fyodor Morozov", "Fjodor", "Morosow"),
    ("Alyona Subbotina", "Алёна", "Субботина"),
    ("Σοφία Ευθυμίου", "Sofia", "Efthymiou"),
    ("Evangelos Gikas", "Ευάγγελος", "Γκίκας"),
    # a short form
    ("Md Jahangir Hossain", "Mohammad", "Jahangir Hossain"),
    ("Tobi Hohenleitner", "Tobias-Peter", "Hohenleitner"),
    ("Espe Montero", "Esperanza", "Montero Juárez"),
    ("Barb Oakwood", "Barbara", "Oakwood"),
    # one word twice
    ("Luca De Luca", "Luca", "De Luca"),
    ("Hassan Hassan", "Hassan", "Hassan"),
]

# Where only the consonants are written, or all in one word, somebody is asked: it may be Amin, or Amina.
ASKED_ABOUT = [
    ("رانيا إبراهيم", "Rania", "Ibrahim"),
    ("محمد علي", "Mohammed", "Ali"),
    ("عمر فاروق", "Omar", "Farouk"),  # Umar comes out as "mr"
    ("أمينة المالك", "Amina", "Al-Malik"),
    ("שרה כהן", "Sarah", "Cohen"),
    ("יעקב לוי", "Yaakov", "Levi"),
    ("Mhmd Farouk", "Mohammed", "Farouk"),
    ("Rania Ibrahim", "رانيا", "إبراهيم"),
    ("hyunjinjang", "Hyun-jin", "Jang"),
    ("hassanhassan", "Hassan", "Hassan"),
]

# A middle name, or a second family name, by its initial, beside whole names that agree.
FURTHER_INITIALS = [
    ("Amberlee P. Branino", "Amberlee Priya", "Branino"),
    ("Amberlee Grace Branino", "Amberlee G.", "Branino"),
    ("Amberlee Branino R.", "Amberlee", "Branino Ramírez"),
]

# Where each side says a name that the other denies it may be another of the family, or a stranger.
DENIED = [
    ("Jerrold A. Holby", "Jerrold", "B. Holby"),
    ("Jerrold Arthur Holby", "Jerrold B.", "Holby"),
    ("Teresita Martinez Garrincha", "Teresita", "Martínez Lopetegui"),
    ("Irfan Abdul Malikzai", "Abdul Tariq", "Malikzai"),
]


def best_of(name: str, given: str, family: str) -> pd.Series:
    """Return the outcome of one member, with that one person among 1,500 others."""
    person = pd.DataFrame([["the one", given, family, f"{given} {family}"]], columns=COLUMNS)
    namesakes = OTHERS["given_name"].eq(given) & OTHERS["family_name"].eq(family)
    people = pd.concat([OTHERS[~namesakes], person], ignore_index=True)
    member = pd.DataFrame([["m", name]], columns=["member_id", "name"])
    return match_people(member, people, policy=Policy(auto_match_by_name="always")).outcomes.iloc[0]


@pytest.mark.parametrize(("name", "given", "family"), PAIRS)
def test_the_same_name_written_otherwise_leads_to_its_person(name: str, given: str, family: str) -> None:
    found = best_of(name, given, family)

    assert (found["person_id"], found["outcome"] in {"matched", "review"}) == ("the one", True)


@pytest.mark.parametrize(("name", "given", "family"), ASKED_ABOUT)
def test_what_is_written_with_less_than_the_whole_name_is_asked_about(
    name: str, given: str, family: str
) -> None:
    found = best_of(name, given, family)

    assert (found["person_id"], found["outcome"]) == ("the one", "review")


@pytest.mark.parametrize(("name", "given", "family"), FURTHER_INITIALS)
def test_an_initial_beside_whole_names_is_no_reason_to_ask(name: str, given: str, family: str) -> None:
    found = best_of(name, given, family)

    assert (found["person_id"], found["outcome"]) == ("the one", "matched")


@pytest.mark.parametrize(("name", "given", "family"), DENIED)
def test_who_says_another_further_name_than_the_directory_is_asked_about(
    name: str, given: str, family: str
) -> None:
    found = best_of(name, given, family)

    assert (found["person_id"], found["outcome"]) == ("the one", "review")


@pytest.mark.parametrize(
    ("name", "given", "family", "why"),
    [
        ("Michal Novak", "Michael", "Nowak", "two letters apart, and names of their own"),
        ("Manuel Roth", "Manul", "Rothe", "an e that nobody wrote for two dots"),
        ("Minjun Lee", "Min", "Junlee", "words are written as one within a given or a family name only"),
        ("Vandenberg Thomas", "Thomas", "Berg", "another family name"),
    ],
)
def test_names_that_only_look_alike_are_not_linked(name: str, given: str, family: str, why: str) -> None:
    found = best_of(name, given, family)

    assert found["outcome"] != "matched" or found["person_id"] != "the one", why


@pytest.mark.parametrize("beside", ["Oficial", "Marketing Digital", "GmbH", "Ads Manager"])
def test_a_trade_beside_the_name_is_no_word_that_the_person_lacks(beside: str) -> None:
    assert "words without a counterpart" not in compared_with(f"Silke Reitmaier {beside}", "Silke Reitmaier")


def test_one_word_in_two_spellings_counts_once() -> None:
    """His directory has both, a member's name is read in both: still it is one name that agrees."""
    assert "further words agree" not in compared_with("Jürgen Branino", "Juergen Wallnoefer")


def compared_with(name: str, shown: str) -> set[str]:
    """Return what was compared of a member and one person, Silke Reitmaier or Jürgen Wallnöfer."""
    given, family = ("Silke", "Reitmaier") if shown.startswith("Silke") else ("Jürgen", "Wallnöfer")
    person = pd.DataFrame([["the one", given, family, shown]], columns=COLUMNS)
    member = pd.DataFrame([["m", name]], columns=["member_id", "name"])
    evidence = match_people(member, pd.concat([OTHERS, person], ignore_index=True)).evidence
    return set(evidence["comparison"][evidence["person_id"] == "the one"])


def test_words_that_agree_as_one_do_not_count_once_more_by_themselves() -> None:
    """Wenchen Peng, in her own script 彭文晨: "wen" and "chen" are no second evidence beside "wenchen"."""
    people = pd.concat(
        [
            OTHERS,
            pd.DataFrame(
                [["wenchen", "Wenchen", "Peng", "彭文晨"], ["yawen", "Ya-Wen", "Chen", "Ya-Wen Chen"]],
                columns=COLUMNS,
            ),
        ],
        ignore_index=True,
    )
    member = pd.DataFrame([["m", "Ya Wen Chen"]], columns=["member_id", "name"])
    found = match_people(member, people, policy=Policy(auto_match_by_name="always")).outcomes.iloc[0]

    assert (found["person_id"], found["outcome"]) == ("yawen", "matched")


@pytest.mark.parametrize(
    ("name", "pairs"),
    [
        ("Jürgen Müller", [("jurgen", "juergen"), ("muller", "mueller")]),
        ("Mu\u0308ller", [("muller", "mueller")]),
        ("Åse Berg", [("ase", "aase")]),
        ("Ana Silva", []),
        ("José", []),
    ],
)
def test_what_is_written_with_dots_is_known_with_two_letters_too(
    name: str, pairs: list[tuple[str, str]]
) -> None:
    assert other_spellings(name) == pairs


def test_how_one_member_is_written_changes_nothing_for_another() -> None:
    """Else what is kept from an earlier check would be wrong as soon as somebody comes."""
    people = pd.concat(
        [OTHERS, pd.DataFrame([["one", "Juergen", "Mueller", "Juergen Mueller"]], columns=COLUMNS)],
        ignore_index=True,
    )
    other = ["m", "Jurgen Muller"]
    newcomers = [
        ["a", "Jürgen Müller"],
        ["b", "Min-jun Kim"],
        ["c", "Anna Maria van den Berg"],
        ["d", "Ju Rgen"],
    ]
    alone, among = (
        match_people(pd.DataFrame(rows, columns=["member_id", "name"]), people).evidence
        for rows in ([other], [other, *newcomers])
    )
    of_him = among[(among["member_id"] == "m") & (among["field"] != "seat")].reset_index(drop=True)

    pd.testing.assert_frame_equal(of_him, alone)
