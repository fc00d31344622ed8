"""A company to match, and what befalls it: one thing at a time changes about people or members."""

import pandas as pd
from hypothesis import strategies as st

from deployments.sandbox.labelled import labelled
from matching.people.link import Matched

PERSONAL = ("given_name", "family_name", "display_name", "primary_email", "user_name", "status", "kind")
NAMES = (
    "Ana Silva", "Silva, Ana", "Bill", "O", "Łukasz Żak", "王伟", "", "José de la Cruz (Acme)",
    "Jürgen Müller", "Juergen Mueller", "Muller", "Min-jun Kim", "Minjun Kim", "Lê Anh", "Vandelacruz",
    "van de la Cruz",
)  # fmt: skip

edits = st.lists(
    st.tuples(
        st.sampled_from((*PERSONAL, "aliases", "leaves", "joins", "member", "nothing")),
        st.integers(0, 10_000),
        st.sampled_from(NAMES),
    ),
    min_size=1,
    max_size=4,
)


def a_company() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return fifty members and a directory of 120 people."""
    made = labelled(seed=3, people=120, members=50)
    return pd.DataFrame(made.members), pd.DataFrame(made.directory)


def edit(
    members: pd.DataFrame, people: pd.DataFrame, what: str, at: int, text: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both with one thing changed; the frames that were given stay as they are."""
    one = at % len(people)
    if what == "leaves":
        return members, people.drop(index=people.index[one]).reset_index(drop=True)
    if what == "joins":
        newcomer = people.iloc[[one]].assign(person_id=f"new {at} {len(people)}", display_name=text)
        return members, pd.concat([people, newcomer], ignore_index=True)
    if what == "member":
        written = members["name"].where(members.index != at % len(members), text)
        return members.assign(name=written), people
    if what == "aliases":
        lists = [
            ([f"{text}@x.example"] if place == one else own) for place, own in enumerate(people["aliases"])
        ]
        return members, people.assign(aliases=pd.Series(lists, dtype="object"))
    if what == "nothing":
        return members, people
    return members, people.assign(**{what: people[what].where(people.index != people.index[one], text)})


def assert_same(one: Matched, other: Matched) -> None:
    for name in ("outcomes", "candidates", "evidence"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
