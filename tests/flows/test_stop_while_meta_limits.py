"""Meta can make us wait for a quarter of an hour before a change is sent: till then Owners can say stop."""

from collections.abc import Iterator
from functools import partial
from threading import Thread

import pytest

from flows.applying import calls
from tasks.meta.client import MetaClient
from tests.flows.page_answers import answer
from tests.reliability.approval_scene import Approving, Dawn, dawn_of
from tests.reliability.approval_world import seat_id

EVA = seat_id("Eva Rust")


@pytest.fixture(scope="module")
def dawn() -> Iterator[Dawn]:
    with dawn_of("Eva Rust") as made:
        yield made


@pytest.fixture
def hub(dawn: Dawn, request: pytest.FixtureRequest) -> Iterator[Approving]:
    made = dawn.begin(request.node.name[:60])
    config = made.ws.config
    config.write_text(config.read_text().replace("wait_s = 0", "wait_s = 900"))
    limited = {"edge": "node", "method": "DELETE", "fault": "code", "code": 17, "headers": True}
    made.ws.admin("faults", [limited])
    yield made
    made.ws.admin("faults", [])


def test_a_stay_said_while_meta_makes_us_wait_is_heard(
    hub: Approving, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(hub, "Bo Marsh", EVA, "remove")
    hub.pass_time(minutes=16)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        thread = Thread(target=answer, args=(hub, "Olga Pind", EVA, "keep"))
        thread.start()
        thread.join()

    monkeypatch.setattr(calls, "MetaClient", partial(MetaClient, sleep=sleep))
    (settled,) = hub.apply().values()

    assert waits
    assert settled.outcome == "withdrawn"
    assert (EVA, 200) not in hub.deletes()
