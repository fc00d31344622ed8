"""Names fold hard, addresses softly."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.people.fold import MACROS, MOST_WORDS, PARTICLES, TITLES, address, fold_people, words
from matching.people.tables import workspace


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Ana Silva", "ana silva"),
        ("Silva, Ana", "ana silva"),
        ("Иванова, Ольга", "olga ivanova"),
        ("Dr. Ana da Silva", "ana silva"),
        ("Ana Silva (Agency)", "ana silva"),
        ("Ana Silva - Marketing", "ana silva"),
        ("Ana Silva | Northwind", "ana silva"),
        ("José Gonçalves", "jose goncalves"),
        ("Sean O’Brien", "sean obrien"),
        ("Jean-Luc Picard", "jean luc picard"),
        ("Nguyễn Văn Anh", "nguyen van anh"),
        ("Nguyen Van Anh", "nguyen anh"),
        ("Lê Thị Anh", "le thi anh"),
        ("Le Anh", "le anh"),
        ("Ana Silva Do", "ana silva do"),
        ("정도빈", "jeong do bin"),
        ("王伟", "wang wei"),
        ("김민준", "gim min jun"),
        ("Ж\u200bеня Иванова", "zhenya ivanova"),
        ("😀 Ana \u202eSilva", "ana silva"),
        ("Le", "le"),
        ("😀", ""),
        ("(x)", ""),
        ("Ana Silva, MBA", "ana silva"),
    ],
)
def test_a_name_folds_to_its_plain_words(name: str, folded: str) -> None:
    assert words(name) == folded


@given(st.text(max_size=300))
def test_any_text_folds_to_a_few_plain_words(text: str) -> None:
    folded = words(text)

    assert set(folded) <= set(string.ascii_lowercase + string.digits + " ")
    assert len(folded.split()) <= MOST_WORDS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("straße@x.example", "strasse@x.example"),
        ("ı@x.example", "i@x.example"),
        ("İ@x.example", "i@x.example"),
        ("\u212a@x.example", "k@x.example"),
        ("ſ@x.example", "s@x.example"),
        ("jose@x.example", "josé@x.example"),
        ("а@x.example", "a@x.example"),
    ],
)
def test_addresses_that_look_alike_stay_two(one: str, other: str) -> None:
    assert address(one) != address(other)


def test_one_address_in_two_codings_is_one() -> None:
    assert address("Jose\u0301@x.example") == address("josé@X.example") == "josé@x.example"


@pytest.mark.parametrize(
    "text", ["", "x", "@x", "x@", "a@b@c", "a b@c", "a@b, c@d", "<a@b>", "a\u200b@b", "a\x00@b"]
)
def test_what_is_not_exactly_one_address_is_none(text: str) -> None:
    assert address(text) is None


@given(st.text(st.characters(codec="ascii"), max_size=20))
def test_ascii_addresses_fold_in_the_database_as_they_do_here(text: str) -> None:
    with workspace() as con:
        con.execute(MACROS)
        row = con.execute("select lowered($x), is_address(lowered($x))", {"x": text}).fetchone()

    assert row is not None
    low, is_one = row
    assert (low if is_one else None) == address(text)


NAMES = st.lists(
    st.text(st.characters(codec="latin-1"), max_size=8)
    | st.text(string.ascii_letters, min_size=1, max_size=8)
    | st.sampled_from(sorted(TITLES | PARTICLES))
    | st.sampled_from(["Ana", "silva", "DE", "Von", "ii", "-", ",", "x" * 201]),
    max_size=10,
).map(" ".join)


@given(st.lists(NAMES | st.text(max_size=20), unique=True, max_size=8))
def test_names_fold_in_the_database_as_they_do_here(names: list[str]) -> None:
    with workspace() as con:
        con.execute("create table persons (given_name varchar, family_name varchar, display_name varchar)")
        for name in names:
            con.execute("insert into persons values ($name, null, null)", {"name": name})
        fold_people(con)
        folded = dict(con.execute("select raw, words from carried_names").fetchall())

    assert folded == {name: words(name) for name in names}
