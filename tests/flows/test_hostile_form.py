"""Prefect's own form, on a real server: who can write to its API can lose an answer, and never add one.

The run is suspended, resumed and looked at again by hand, so that what is stored can be altered in between.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow

from flows.opening.ledger import ledger_of
from flows.review.refusals import REFUSED
from flows.review_gate import review_hub
from tests.reliability.approval_scene import ALL, KEEP_ALL, Approving, Dawn, dawn_of

pytestmark = pytest.mark.usefixtures("prefect_api")
GUESSED = "ABCDEFGHJK"
REVIEW = "agency-2"


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Mia Skog") as made:
        yield made


class Form:
    """One suspended run of a review, as an operator sees it through Prefect's API."""

    def __init__(self, client: SyncPrefectClient, hub: Approving) -> None:
        self._client, self.hub = client, hub
        deployment = client.create_deployment(client.create_flow(review_hub), "ask")
        self.run = client.create_flow_run_from_deployment(deployment, parameters={"review": REVIEW})

    def look(self) -> str:
        """Let the run go on as far as it goes; return the name of the state that it comes to."""
        run = self._client.read_flow_run(self.run.id)
        with suppress(Pause):
            run_flow(review_hub, flow_run=run, parameters={"review": REVIEW}, return_type="state")
        state = self._client.read_flow_run(run.id).state
        return str(state.name) if state else ""

    def resume(self, **fields: Any) -> str:
        """Fill the form in; return what the server answers: ACCEPT, REJECT or ABORT."""
        answer = self._client.request(
            "POST", "/flow_runs/{id}/resume", path_params=self._id, json={"run_input": fields}
        )
        return str(answer.json()["status"])

    def stored(self, ending: str) -> list[tuple[str, str]]:
        """Return (key, value) of what is stored with the forms: response, description or schema."""
        found = self._client.request(
            "POST", "/flow_runs/{id}/input/filter", path_params=self._id, json={"prefix": "", "limit": 200}
        )
        rows = sorted(found.json(), key=lambda row: row["created"])
        return [(row["key"], row["value"]) for row in rows if row["key"].endswith(ending)]

    def put(self, key: str, value: object) -> None:
        """Put something in the place of what is stored, or with None nothing."""
        with_key = {**self._id, "key": key}
        with suppress(Exception):  # it may not be there
            self._client.request("DELETE", "/flow_runs/{id}/input/{key}", path_params=with_key)
        if value is not None:
            stored = {"key": key, "value": value if isinstance(value, str) else json.dumps(value)}
            self._client.request("POST", "/flow_runs/{id}/input", path_params=self._id, json=stored)

    @property
    def _id(self) -> dict[str, str]:
        return {"id": str(self.run.id)}

    def refused(self) -> list[str]:
        """Return why answers had no effect, as the ledger has it."""
        with ledger_of(self.hub.settings) as ledger, ledger.reading() as book:
            return [str(row.payload["reason"]) for row in book.entries(kinds={REFUSED})]


@pytest.fixture
def form(dawn: Dawn, request: pytest.FixtureRequest) -> Iterator[Form]:
    with get_client(sync_client=True) as client:
        made = Form(client, dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60]))
        assert made.look() == "Suspended"
        yield made


def test_a_wrong_answer_asks_again_with_the_reason_and_a_right_one_is_taken_once(form: Form) -> None:
    form.resume(codes=GUESSED, comment="")
    assert form.look() == "Suspended"
    assert "had no effect" in form.stored("description")[-1][1]
    assert form.hub.rows("answered") == []
    assert len(form.refused()) == 1

    assert form.resume(codes=form.hub.code("Bo Marsh", ALL), comment="left") == "ACCEPT"
    assert form.resume(codes=form.hub.code("Bo Marsh", KEEP_ALL), comment="") == "ABORT", "it is not asking"
    form.look()
    assert [set(row.payload["answers"].values()) for row in form.hub.rows("answered")] == [{"remove"}]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"codes": GUESSED, "comment": ""},
        {"codes": "", "comment": "", "approve": "all", "owner": "Bo Marsh"},
        {"codes": [GUESSED], "comment": {"a": 1}},
        "no JSON at all {",
    ],
    ids=["deleted", "replaced", "added to", "of other types", "garbled"],
)
def test_a_stored_answer_that_was_altered_before_the_run_looked_is_lost_and_nothing_more(
    form: Form, value: object
) -> None:
    """The code that was in it is still good, on the page, the command line, or the next form."""
    code = form.hub.code("Bo Marsh", ALL)
    form.resume(codes=code, comment="")
    form.put(form.stored("response")[-1][0], value)

    form.look()

    assert form.hub.rows("answered", "approved") == []
    assert form.hub.type(code).taken


def test_what_was_stored_beside_the_form_before_it_was_answered_has_no_effect(form: Form) -> None:
    """An answer laid ready, and another text above the form: the mail says what the codes mean."""
    key, _ = form.stored("description")[-1]
    form.put(key, "Everybody agreed: type any code")
    form.put(key.replace("description", "response"), {"codes": GUESSED, "comment": ""})
    assert form.look() == "Suspended"

    assert form.hub.rows("answered", "approved") == []


@pytest.mark.parametrize(
    "codes",
    [
        {"__prefect_kind": "jinja", "template": "{{ codes }} {{ 7 * 7 }} {{ flow_run.id }}"},
        {"__prefect_kind": "json", "value": '"ABCDEFGHJK"'},
        {"__prefect_kind": "workspace_variable", "variable_name": "codes"},
        {"__prefect_kind": "nonsense"},
    ],
    ids=["jinja", "json", "variable", "nonsense"],
)
def test_a_template_of_prefects_is_text_at_most(form: Form, codes: dict[str, str]) -> None:
    if form.resume(codes=codes, comment=codes) == "ACCEPT":
        assert form.look() in ("Suspended", "Failed")
    assert form.hub.rows("answered", "approved") == []
    assert form.hub.type(form.hub.code("Bo Marsh", ALL)).taken
