"""How a report reads in a terminal, whatever members call themselves."""

from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from deployments.cli.report_view import show_report

SINCE = "2026-11-23T09:00:00+00:00"


def member(name: str | None, role: str = "EMPLOYEE") -> dict[str, Any]:
    return {"kind": "user", "member_id": "100", "name": name, "email": None, "role": role, "status": None}


def right(**changes: Any) -> dict[str, Any]:
    return {
        "asset_kind": "page", "asset_id": "700", "asset_name": "Shop", "tasks": ["MANAGE"], "controls": True,
        "left_with": "several", "others_in_control": 2,
    } | changes  # fmt: skip


def leaver(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "remove", "member": member(name), "rights": [right()], "rights_known": True, "held_back": [],
    } | changes  # fmt: skip


def report(**changes: Any) -> dict[str, Any]:
    return {
        "hub": {"label": "agency"},
        "check": {
            "started_at": "2026-11-24T09:00:00+00:00",
            "complete": True,
            "baseline": False,
            "since": SINCE,
        },
        "edges": [],
        "directory": [],
        "tabs": {"onboarded": 1, "guest": 0},
        "held_back": [],
        "proposals": [],
        "kept": [],
        "changes": [],
        "log": [],
        "findings": [],
    } | changes


def printed(shown: dict[str, Any], **options: Any) -> str:
    out = StringIO()
    show_report(shown, Console(file=out, width=100), ZoneInfo("Europe/Berlin"), **options)
    return out.getvalue()


def test_a_quiet_report_says_so_and_that_nothing_was_changed() -> None:
    text = printed(report())

    assert "checked 24 Nov 2026 10:00 CET, complete" in text
    assert "Nobody who is known to have left holds a seat" in text
    assert "Nothing changed since the last complete check" in text
    assert text.rstrip().endswith("Nothing was changed at Meta.")


WELL = "Nobody who is known to have left holds a seat"


def test_a_leaver_whom_an_owner_let_stay_is_told_as_one() -> None:
    text = printed(report(kept=[leaver("Viktor")]))

    assert "1 person left and still holds a seat: an Owner let them stay" in text
    assert ("Viktor" in text, WELL in text) == (True, False)


def test_what_is_asked_again_after_a_month_is_told_like_any_other_question() -> None:
    again = {"kind": "re_review", "was": "remove"}
    stranger = {"was": "resolve", "maybe_left": False, "candidates": [], "reason": "no_candidate"}
    text = printed(report(proposals=[leaver("Viktor", **again), leaver("Ada", kind="re_review", **stranger)]))

    assert "1 person left and still holds a seat" in text
    assert "1 member is matched to nobody" in text
    assert ("Viktor" in text, "Ada" in text, WELL in text) == (True, True, False)


def test_a_leaver_who_is_excepted_is_not_nobody() -> None:
    text = printed(report(findings=[{"kind": "leaver_exempted", "member": member("Viktor")}]))

    assert "Viktor  left the company, and stays by an Owner's exception" in text
    assert WELL not in text


def test_where_no_directory_says_who_left_nobody_is_said_not_to_have() -> None:
    text = printed(report(findings=[{"kind": "leavers_untold", "why": "No source says who has left."}]))

    assert "Nobody can be known to have left" in text
    assert ("Directory  No source says who has left." in text, WELL in text) == (True, False)


def test_where_one_directory_never_says_who_left_it_is_not_said_that_all_is_well() -> None:
    text = printed(report(findings=[{"kind": "untold_by", "why": "file:staff.csv never says who has left."}]))

    assert "No leaver is known to hold a seat; of some people no directory says it" in text
    assert ("Directory  file:staff.csv never says" in text, WELL in text) == (True, False)


def test_the_worst_comes_first() -> None:
    text = printed(
        report(
            edges=[
                {"edge": "owned_pages", "complete": False, "reason": "(#200) no", "rows": 0, "total": None}
            ],
            held_back=[leaver("Ingrid", held_back=["Held back: nobody else controls Shop."])],
            proposals=[leaver("Viktor")],
            findings=[{"kind": "person_missing", "member": member("Mia")}],
        )
    )

    places = [text.index(word) for word in ("owned_pages", "Ingrid", "Held back: nobody", "Viktor", "Mia")]
    assert places == sorted(places)


def test_names_are_text_and_neither_markup_nor_control_characters() -> None:
    hostile = "[red]Eve[/red]\x1b[2J\nDROP\u202e"

    text = printed(report(proposals=[leaver(hostile)]))

    assert "[red]Eve[/red]" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    (line,) = [line for line in text.splitlines() if "Eve" in line]
    assert "DROP" in line


def test_a_long_list_says_how_much_more_there_is_and_all_shows_it() -> None:
    many = [leaver(f"Person {n}") for n in range(25)]

    assert "and 15 more" in printed(report(proposals=many))
    assert "Person 24" in printed(report(proposals=many), limit=10**9)


def test_a_leaver_whose_rights_were_not_read_is_said_to_be_unknown() -> None:
    text = printed(report(proposals=[leaver("Viktor", rights=[], rights_known=False)]))

    assert "was not read to the end" in text


def test_an_unknown_role_is_shown_as_meta_writes_it() -> None:
    text = printed(report(proposals=[leaver("Viktor", member=member("Viktor", role="SOMETHING_NEW"))]))

    assert "SOMETHING_NEW" in text


def test_an_incomplete_check_never_reads_as_complete() -> None:
    check = {"started_at": "2026-11-24T09:00:00+00:00", "complete": False, "baseline": False, "since": None}

    assert "not complete" in printed(report(check=check))


def resolve(name: str, *, maybe_left: bool, role: str = "EMPLOYEE") -> dict[str, Any]:
    person = {"display_name": f"{name} P", "primary_email": None, "person_id": "7", "status": "deprovisioned"}
    candidates = [{"person": person, "posterior": 0.8}] if maybe_left else []
    return {
        "kind": "resolve", "member": member(name, role), "rights": [], "rights_known": True,
        "maybe_left": maybe_left, "candidates": candidates, "reason": "no_candidate",
    }  # fmt: skip


def test_an_unmatched_member_who_may_have_left_comes_before_all_others_and_is_marked() -> None:
    proposals = [resolve("Boss", maybe_left=False, role="ADMIN"), resolve("Zoe", maybe_left=True)]

    text = printed(report(proposals=proposals))

    assert text.index("Zoe") < text.index("Boss")
    assert "Zoe P (80 %, who left the company)" in text


def test_a_kind_of_finding_that_has_no_words_yet_is_shown_all_the_same() -> None:
    assert "something_new" in printed(report(findings=[{"kind": "something_new", "member": member("Mia")}]))


def test_why_nobody_is_linked_by_name_is_said_though_it_is_about_no_member() -> None:
    found = [
        {"kind": "by_name_off", "why": "Nobody is linked by name alone yet: 3 of 30 decisions are made."}
    ]

    assert "3 of 30 decisions" in printed(report(findings=found))
