"""The people that the sandbox makes up."""

from collections import Counter

import pytest

from deployments.sandbox.names.cultures import CULTURES, NICKNAMES
from deployments.sandbox.people import COLUMNS, Person, generate_people
from deployments.sandbox.world.ids import dice
from deployments.sandbox.world.seats import EMAIL_STYLES, NAME_STYLES, seat_in_style


@pytest.fixture(scope="module")
def crowd() -> list[Person]:
    return generate_people(dice(7, "crowd"), 5000)


def test_addresses_user_names_and_ids_belong_to_one_person_each(crowd: list[Person]) -> None:
    claims = Counter(
        claim
        for one in crowd
        for claim in {one.primary_email.lower(), one.user_name.lower(), *map(str.lower, one.aliases)}
    )

    assert max(claims.values()) == 1
    assert len({one.person_id for one in crowd}) == len(crowd)


def test_addresses_are_plain_ascii_in_domains_that_nobody_owns(crowd: list[Person]) -> None:
    addresses = [address for one in crowd for address in (one.primary_email, *one.aliases)]

    assert all(
        address.isascii() and address == address.lower() and address.count("@") == 1 for address in addresses
    )
    assert {address.rpartition(".")[2] for address in addresses} <= {"example", "test"}


def test_the_company_comes_from_many_cultures(crowd: list[Person]) -> None:
    assert len(CULTURES) >= 8
    assert {one.culture for one in crowd} == {one.label for one in CULTURES}
    assert sum(one.share for one in CULTURES) == pytest.approx(1, abs=0.1)


def test_some_names_are_frequent_and_most_are_rare(crowd: list[Person]) -> None:
    names = Counter((one.given_name, one.family_name) for one in crowd)

    assert max(names.values()) >= 5  # namesakes are real
    assert sum(count == 1 for count in names.values()) > len(names) / 2


def test_about_eight_percent_have_left_and_some_are_guests(crowd: list[Person]) -> None:
    statuses = Counter(one.status for one in crowd)
    kinds = Counter(one.kind for one in crowd)

    assert 0.06 < statuses["deprovisioned"] / len(crowd) < 0.10
    assert set(statuses) == {"active", "suspended", "deprovisioned"}
    assert set(kinds) == {"employee", "guest", "local_partner"}
    assert all((one.left_days_ago is not None) == (one.status == "deprovisioned") for one in crowd)


def test_display_names_come_in_several_styles(crowd: list[Person]) -> None:
    shown = [one.display_name for one in crowd]

    assert any(one.display_name == f"{one.family_name}, {one.given_name}" for one in crowd)
    assert any("(" in name for name in shown)
    assert any(one.native_name == one.display_name for one in crowd)


def test_nobody_gets_a_reserved_name() -> None:
    free = generate_people(dice(1, "crowd"), 400)
    name = Counter((one.given_name, one.family_name) for one in free).most_common(1)[0][0]

    again = generate_people(dice(1, "crowd"), 400, reserved=[name])

    assert name not in {(one.given_name, one.family_name) for one in again}


def test_managers_are_in_the_directory_and_were_hired_before(crowd: list[Person]) -> None:
    seen: set[str] = set()
    for one in crowd:
        assert one.manager_id is None or one.manager_id in seen
        seen.add(one.person_id)


def test_a_row_has_the_columns_of_the_file(crowd: list[Person]) -> None:
    assert tuple(crowd[0].row()) == COLUMNS


@pytest.mark.parametrize("email_style", EMAIL_STYLES)
@pytest.mark.parametrize("name_style", NAME_STYLES)
def test_every_style_gives_everybody_a_name_and_an_address(
    crowd: list[Person], name_style: str, email_style: str
) -> None:
    for person in crowd[:200]:
        seat = seat_in_style(dice(1, "crowd"), person, name_style, email_style)

        assert seat.name.strip() == seat.name != ""
        assert seat.email.count("@") == 1
        assert seat.variant.count("/") == 1


def test_a_style_that_changes_nothing_is_called_exact() -> None:
    person = Person("1", "a@x.example", "Zoë", "Li", "Zoë Li", "zoe.li@x.example")

    assert seat_in_style(dice(1, "crowd"), person, "nickname", "alias").variant == "exact/work"
    assert "Zoë" not in NICKNAMES
