"""A look at a token and a business, whatever Meta answers: what isn't said is unknown; no URL has a token."""

from datetime import UTC, datetime
from typing import Any

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.preflight.facts import Business, SystemUser, Token
from tasks.meta.client import MetaClient
from tasks.meta.looking import look_at_assets, look_at_business, look_at_owner, look_at_token
from tests.tasks.scripted_meta import BUSINESS, TOKEN, ItemScript, batch_of, ok, page, refused

DEBUG = {
    "app_id": "9",
    "type": "SYSTEM_USER",
    "is_valid": True,
    "expires_at": 0,
    "data_access_expires_at": 0,
    "scopes": ["business_management"],
    "user_id": "200",
}
ME = {"id": "200", "name": "reader"}
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)


def token(*answers: httpx.Response) -> Token:
    return ItemScript(*answers).run(lambda client: look_at_token(client, TOKEN))


def test_what_debug_token_says_is_taken() -> None:
    found = token(ok({"data": DEBUG}), ok(ME), ok({"data": []}))

    assert found == Token(
        kind="SYSTEM_USER",
        app_id="9",
        expiry_known=True,
        scopes=frozenset({"business_management"}),
        owner_id="200",
        owner_name="reader",
    )


def test_the_token_stands_in_a_body_and_in_no_url() -> None:
    script = ItemScript(ok({"data": DEBUG}), ok(ME), ok({"data": []}))
    script.run(lambda client: look_at_token(client, TOKEN))

    (request,) = script.requests[:1]
    assert TOKEN not in str(request.url)
    assert any(TOKEN in url for url in batch_of(request))


def test_where_debug_token_is_refused_permissions_are_taken_from_elsewhere() -> None:
    granted = [
        {"permission": "ads_read", "status": "granted"},
        {"permission": "pages_show_list", "status": "declined"},
        "nonsense",
    ]
    found = token(refused(100), ok(ME), ok({"data": granted}))

    assert (found.problem, found.kind, found.expiry_known) == ("", None, False)
    assert found.scopes == {"ads_read"}


def test_one_that_is_not_valid_is_told_by_its_codes_alone() -> None:
    said = {"is_valid": False, "error": {"code": 190, "subcode": 463, "message": f"bad {TOKEN}"}}
    found = token(ok({"data": said}), ok(ME), ok({}))

    assert found.problem == "Meta says that it is not valid (code 190, subcode 463)"


def test_a_time_is_read_and_nonsense_is_not() -> None:
    def expiry(value: object) -> tuple[bool, datetime | None]:
        found = token(ok({"data": DEBUG | {"expires_at": value}}), ok(ME), ok({}))
        return found.expiry_known, found.expires_at

    assert expiry(1_800_000_000) == (True, datetime(2027, 1, 15, 8, 0, tzinfo=UTC))
    assert expiry(0) == (True, None)
    for odd in ("soon", -5, True, None, 1.5):
        assert expiry(odd) == (False, None)


@settings(max_examples=40)
@given(junk, junk, junk)
def test_no_answer_makes_it_fail_or_takes_nonsense_for_well(debug: Any, me: Any, permissions: Any) -> None:
    found = token(ok({"data": debug}), ok({"id": me, "name": me}), ok({"data": permissions}))

    assert isinstance(found, Token)
    assert found.owner_name is None or isinstance(found.owner_name, str)


@settings(max_examples=40)
@given(junk, junk)
def test_whatever_a_business_shows_is_a_fact_or_unknown(value: Any, row: Any) -> None:
    node = {"id": BUSINESS, "name": value, "primary_page": value, "two_factor_type": value}
    listed = ok({"data": [{"id": "1", "role": row, "name": row, "created_time": row, "application": row}]})

    found = ItemScript(ok(node), listed).run(lambda client: look_at_business(client, BUSINESS, "9"))

    assert isinstance(found, Business)
    assert found.admins in (None, 0, 1)
    assert found.two_factor is None or isinstance(found.two_factor, str)


@settings(max_examples=40)
@given(junk)
def test_tasks_of_any_shape_give_no_control_that_is_not_said(tasks: Any) -> None:
    robots = (SystemUser("200", "reader", "EMPLOYEE", None),)
    script = ItemScript(ok(page({"id": "1", "name": "Shop", "tasks": tasks})))

    async def look(client: MetaClient) -> Token:
        return await look_at_owner(client, Token(owner_id="200"), Business(system_users=robots), BUSINESS)

    found = script.run(look)
    assert (found.owner_role, found.controls) == ("EMPLOYEE", 0)


def test_one_hidden_field_does_not_hide_the_business() -> None:
    script = ItemScript(
        refused(200, "(#200) Requires it"), ok({"id": BUSINESS, "name": "Northwind"}), page([])
    )
    found = script.run(lambda client: look_at_business(client, BUSINESS, "9"))

    assert (found.problem, found.name, found.verification) == ("", "Northwind", None)


def test_assets_that_can_not_all_be_listed_are_not_compared() -> None:
    some = ItemScript(ok(page(1)), refused(200, "(#200) no"), ok(page(2)))

    assert some.run(lambda client: look_at_assets(client, BUSINESS)) is None
    every = ItemScript(ok(page(1)), ok(page(2)), ok(page("act_3")), ok(page()))
    assert every.run(lambda client: look_at_assets(client, BUSINESS)) == {
        "pages": {"1", "2"},
        "ad_accounts": {"act_3"},
    }
