"""Prefect's own form, on a real server: whoever can write to its API can lose an answer, and never add one.

The run is suspended, resumed, and looked at again by hand, so that what is stored can be altered in between.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.exceptions import Pause
from prefect.flow_engine import run_flow
from prefect.flow_runs import resume_flow_run

from flows.review_gate import review_hub
from tests.reliability.approval_scene import ALL, Approving, Dawn, dawn_of

pytestmark = pytest.mark.usefixtures("prefect_api")
GUESSED = "ABCDEFGHJK"


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust", "Mia Skog") as made:
        yield made


class Form:
    """One suspended run of a review, as an operator sees it through Prefect's API."""

    def __init__(self, client: SyncPrefectClient, hub: Approving) -> None:
        self.client, self.hub = client, hub
        flow = client.create_flow(review_hub)
        deployment = client.create_deployment(flow, "ask")
        run = client.create_flow_run_from_deployment(deployment, parameters={"review": "agency-2"})
        self.id: UUID = run.id

    def look(self) -> str:
        """Let the run go on as far as it goes; return the state that it comes to."""
        run = self.client.read_flow_run(self.id)
        with suppress(Pause):
            run_flow(review_hub, flow_run=run, parameters={"review": "agency-2"}, return_type="state")
        state = self.client.read_flow_run(self.id).state
        assert state
        return str(state.name)

    def resume(self, **fields: Any) -> str:
        """Fill the form in; return what the server says against it, or nothing."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PREFECT_API_ENABLE_HTTP2", "false")
            try:
                resume_flow_run(self.id, run_input=fields)
            except Exception as error:  # noqa: BLE001, whatever the server says
                return str(error)
        return ""

    def stored(self, ending: str) -> str:
        """Return the key of what is stored with the form that was answered last: response, description."""
        found = self.client.request("POST", "/flow_runs/{id}/input/filter", path_params={"id": str(self.id)}, json={"prefix": "", "limit": 200})  # fmt: skip
        return sorted(str(row["key"]) for row in found.json() if row["key"].endswith(ending))[-1]

    def replace(self, key: str, value: bytes | None) -> None:
        """Put something in the place of what is stored, or nothing."""
        self.client.request("DELETE", "/flow_runs/{id}/input/{key}", path_params={"id": str(self.id), "key": key})  # fmt: skip
        if value is not None:
            self.client.request("POST", "/flow_runs/{id}/input", path_params={"id": str(self.id)}, json={"key": key, "value": value.decode()})  # fmt: skip

    def description(self) -> str:
        found = self.client.request("GET", "/flow_runs/{id}/input/{key}", path_params={"id": str(self.id), "key": self.stored("description")})  # fmt: skip
        return found.text


@pytest.fixture
def form(dawn: Dawn, request: pytest.FixtureRequest) -> Iterator[Form]:
    with get_client(sync_client=True) as client:
        yield Form(client, dawn.begin("".join(c for c in request.node.name if c.isalnum())[:60]))


def test_an_answer_is_taken_once_and_a_wrong_one_asks_again_with_the_reason(form: Form) -> None:
    assert form.look() == "Suspended"
    form.resume(codes=GUESSED, comment="")
    assert form.look() == "Suspended"
    assert "had no effect" in form.description()
    assert form.hub.rows("answered") == []

    form.resume(codes=form.hub.code("Bo Marsh", ALL), comment="left")
    form.look()
    assert len(form.hub.rows("answered")) == 1
