"""The token, the proof and the invitations' links are nowhere, whatever goes wrong, however much is said."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.sandbox import web
from deployments.sandbox.build import WorldPlan
from deployments.sandbox.graph import batch
from deployments.sandbox.server import Sandbox
from tests.reliability.secrets_evidence import Evidence, run, secrets_of
from tests.reliability.secrets_search import Find, Needles, Search

LINKS_SENT: list[str] = []


def rounds(token: str, proof: str, secret: str) -> list[dict[str, Any]]:
    """Return what goes wrong, one check after the other; Meta quotes what it should keep to itself."""
    url = f"https://graph.test/v26.0/1?access_token={token}&appsecret_proof={proof}"

    def refused(edge: str, code: int, words: str, **more: Any) -> dict[str, Any]:
        return {"edge": edge, "fault": "code", "code": code, "message": words, **more}

    return [
        {"name": "a good check", "faults": []},
        {
            "name": "edges refused in Meta's words",
            "faults": [
                refused("owned_pages", 200, f"(#200) not with {token}", times=None),
                refused("client_pages", 200, f"the proof {proof} is of another app", times=None),
                refused("pending_users", 10, f"see {url}", times=None),
                refused("agencies", 10, f"the app secret {secret[:-4]} is wrong", times=None),
                refused("assigned_pages", 2, f"cut: {token[:25]}", nth=2),
            ],
        },
        {
            "name": "answers lost in transit",
            "faults": [
                {"edge": "business_users", "fault": fault, "nth": nth}
                for nth, fault in enumerate(("cut_body", "reset", "html_502"), start=1)
            ]
            + [{"edge": "owned_pages", "fault": "hang"}, {"edge": "clients", "fault": "bad_gzip", "nth": 3}],
        },
        {"name": "the token is refused", "faults": [refused("*", 190, f"Malformed access token {token}")]},
        {"name": "a library that fails", "faults": [], "broken": "send"},
        {"name": "a step that fails", "faults": [], "broken": "step"},
    ]


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    """A world whose Meta tells more than it was asked for: invitations come with their links."""
    patch = pytest.MonkeyPatch()
    with Sandbox(WorldPlan(members=12, directory=60)) as made:
        for module in (web, batch):
            patch.setattr(module, "to_json", generous(made, module.to_json))
        yield made
        patch.undo()


def generous(box: Sandbox, to_json: Any) -> Any:
    """Return a writer of answers that adds its link to each invitation."""

    def with_links(value: Any) -> Any:
        if isinstance(value, dict):
            invite = box.world.invites.get(str(value.get("id")))
            added = {"invite_link": invite.invite_link} if invite else {}
            LINKS_SENT.extend(added)
            return {name: with_links(one) for name, one in value.items()} | added
        return [with_links(one) for one in value] if isinstance(value, list) else value

    return lambda value: to_json(with_links(value))


@pytest.fixture(scope="module")
def evidence(box: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Evidence:
    """What six checks left of which five went wrong."""
    secrets = secrets_of(box)
    plan = rounds(secrets["the token"], secrets["the proof"], secrets["the app secret"])
    return run(box, tmp_path_factory.mktemp("secrets") / "office", plan)


def test_no_secret_is_anywhere(evidence: Evidence) -> None:
    search = evidence.search(Needles(evidence.secrets))

    assert sorted(search.found) == []
    assert search.unread == []


def test_the_search_has_read_what_there_is_to_read(evidence: Evidence) -> None:
    """The same search, for words that have to be there: in every kind of file, and in every kind of log."""
    words = {
        "the business": evidence.folder.joinpath("hubroster.toml").read_text().split('business_id = "')[1]
    }
    words = {"the business": words["the business"].split('"')[0], "the flow": "check-for-updates"}
    search = evidence.search(Needles(words, ends=False))
    files = {(Path(find.file).name.rpartition("-")[2], find.place) for find in search.found}

    assert {("hubroster.toml", "its bytes"), ("business.json", "its bytes"), ("stderr", "its bytes")} <= files
    assert ("warehouse.duckdb", "table main.hubs, column business_id") in files
    assert ("prefect.db", "table flow, column name") in files
    assert "HTTP Request: GET" in evidence.err
    assert "send_request_headers.started" in evidence.err
    assert "[secret]" in evidence.err
    assert any("uvicorn" in line for line in evidence.lines)


def test_every_round_went_wrong_as_planned(evidence: Evidence) -> None:
    told = [json.loads(line) for line in evidence.out.splitlines()]
    said = dict(part.split("\n", 1) for part in re.split(r"^== ", evidence.err, flags=re.MULTILINE)[1:])

    assert [one["complete"] for one in told[:1]] == [True]
    assert not told[1]["complete"]
    reasons = {edge["edge"]: edge["reason"] or "" for edge in told[1]["edges"]}
    assert {edge for edge, reason in reasons.items() if "[secret]" in reason} >= {
        "owned_pages",
        "client_pages",
        "pending_users",
        "agencies",
    }
    assert LINKS_SENT
    assert {one["complete"] for one in told[3:]} == {False}
    assert "code 190" in said["the token is refused"]
    assert "no whole answer: broken:" in said["a library that fails"]
    assert "unforeseen: MetaAccess(" in said["a step that fails"]


def test_no_name_and_no_address_is_in_logs_parameters_artifacts_results_or_the_masked_snapshot(
    evidence: Evidence,
) -> None:
    needles = Needles(evidence.personal, ends=False)
    search = evidence.search(needles, ".hubroster/prefect", "tmp")
    for masked in (evidence.folder / "snapshots").glob("*-masked.duckdb"):
        search.file(masked, masked.name)
    whole = Search(needles).tree(evidence.folder / ".hubroster" / "raw")

    assert sorted(search.found) == []
    assert search.unread == []
    assert any(find.file.endswith("business_users.ndjson.gz") for find in whole.found)  # it can find them


@pytest.mark.thorough
def test_the_search_fails_when_the_program_leaks(box: Sandbox, tmp_path: Path) -> None:
    """A faithful copy of the test above but for a program that keeps and shows what it should not."""
    leaky = run(box, tmp_path / "office", [{"name": "a leaky check", "faults": []}], ("raw", "prefect"))
    found = leaky.search(Needles(leaky.secrets)).found
    places = {(Path(find.file).suffix, find.place) for find in found}

    with pytest.raises(AssertionError):
        assert sorted(found) == []
    assert any(f.file.endswith("owned_pages.ndjson.gz") and f.place == "unpacked" for f in found)
    assert {
        (".db", "table log, column message"),
        (".db", "table artifact, column data"),
        (".db", "table flow_run, column parameters"),
        ("", "its bytes"),
    } <= places
    assert any(f.file.startswith(".hubroster/prefect/storage/") for f in found)
    assert Find("the token", "plain", "tmp/left-behind.gz", "unpacked") in found
    assert Find("the token", "plain", "stderr", "its bytes") in found
    assert not [f for f in found for secret in leaky.secrets.values() if secret in str(f)]
