"""The commands of Owners: one line of JSON, and one line with what to do when it can't be."""

import json

import pytest

from deployments.cli.main import main
from tests.flows.owned_hub import OwnedHub


def _json(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return found


def test_each_command_answers_in_one_object(owned: OwnedHub, capsys: pytest.CaptureFixture[str]) -> None:
    seat = owned.seats(kind="user", tab="onboarded", role="EMPLOYEE")[0]["member_id"]
    stranger = owned.seats(kind="user", tab="unmatched")[0]["member_id"]
    owned.login(0)
    why = ("--reason", "as agreed", "--json")
    day = (owned.settings.now()).date().replace(month=12, day=31).isoformat()

    assert main(["exempt", "agency", stranger, "--until", day, *why]) == 0
    assert _json(capsys)["done"] == "exempted"
    assert main(["unexempt", "agency", stranger, "--json"]) == 0
    assert _json(capsys)["done"] == "exemption_ended"
    for command in (
        ["set-role", "agency", seat, "DEVELOPER"],
        ["remove", "agency", seat],
        ["invite", "agency", "new@agency.example"],
    ):
        assert main([*command, *why]) == 0
        asked = _json(capsys)["asked"]
        assert isinstance(asked, list)
        assert asked[0]["change"] in owned.asked()
    assert main(["withdraw", "agency", asked[0]["change"], "--json"]) == 0
    assert asked[0]["change"] not in owned.asked()
    assert main(["owners", "agency", "--json"]) == 0
    capsys.readouterr()
    assert main(["reviews", "agency", "--json"]) == 0
    questions = _json(capsys)["reviews"][0]["questions"]  # type: ignore[index]
    assert any("asks to remove" in question["sentence"] for question in questions)


@pytest.mark.parametrize(
    "command",
    [
        ["match", "agency", "1", "2"],
        ["exempt", "agency", "1", "--reason", "x", "--until", "tomorrow"],
        ["remove", "agency", "1", "--reason", "x"],
        ["restore", "agency", "1", "--reason", "x"],
        ["owner-add", "agency", "a@b.example", "--reason", "x"],
        ["claim-owner", "agency", "1"],
        ["withdraw", "agency", "abc"],
        ["owners", "nosuch"],
    ],
)
def test_a_refusal_is_one_line(
    owned: OwnedHub, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == (2 if "tomorrow" in command else 1)  # a day that is none: usage

    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("hubroster: ")
    assert len(told.err.splitlines()) == 1
