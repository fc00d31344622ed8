"""`hubroster preflight`: what scripts read, several hubs at once, and Prefect servers that don't fit."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest

from deployments.cli.main import main
from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from tests.flows.preflight_scene import Scene


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(members=14, pages=6, ad_accounts=5, directory=40)) as running:
        yield running


@pytest.fixture
def scene(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(box, tmp_path, monkeypatch)


def second_hub(scene: Scene, **other: str) -> None:
    """Another hub beside it; the sandbox knows no other business, so nothing of it can be reached."""
    lines = {"label": "shop", "business_id": "5", "app_id": "6", "token": "env:UNSET"} | other
    scene.folder.joinpath("hubs.d").mkdir()
    scene.folder.joinpath("hubs.d", "shop.toml").write_text(
        "".join(f'{name} = "{value}"\n' for name, value in lines.items()) + "sandbox = true\n"
    )


def test_a_script_reads_states_sentences_mends_and_links(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preflight", "agency", "--json"]) == 0
    well = json.loads(capsys.readouterr().out)
    scene.set(app_id="999")
    assert main(["preflight", "agency", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)

    assert (well["broken"], found["broken"]) == (0, 1)
    assert [hub["hub"] for hub in found["hubs"]] == ["agency"]
    (app,) = [point for point in found["hubs"][0]["points"] if point["state"] == "broken"]
    assert set(app) == {"point", "state", "said", "mend", "link"}
    assert app["link"] == "docs/connect-meta.md#app"
    assert [point["point"] for point in found["workspace"]][-1] == "prefect"


def test_one_broken_hub_says_nothing_of_another(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    second_hub(scene)

    assert main(["preflight", "--json"]) == 1
    hubs = {hub["hub"]: hub["points"] for hub in json.loads(capsys.readouterr().out)["hubs"]}

    assert {point["state"] for point in hubs["agency"]} == {"ok"}
    states = {point["point"]: point["state"] for point in hubs["shop"]}
    assert (states["read-token"], states["business"], states["owners"]) == ("broken", "unknown", "broken")
    assert main(["preflight", "agency"]) == 0


def test_people_read_the_mend_below_the_point(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.set(app_id="999")

    assert main(["preflight"]) == 1
    told = capsys.readouterr()

    assert "BROKEN" in told.out
    assert "→ set app_id to the token's app" in told.out
    assert "\N{REPLACEMENT CHARACTER}" not in told.out
    assert "1 BROKEN; nothing was changed" in " ".join(told.err.split())


@pytest.mark.usefixtures("scene")
def test_a_hub_that_is_not_there_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preflight", "shop"]) == 1
    assert "there is no hub 'shop'" in " ".join(capsys.readouterr().err.split())


class Prefect(BaseHTTPRequestHandler):
    """The two paths of Prefect's API that preflight asks."""

    told = ""

    def do_GET(self) -> None:
        self.send_response(200 if self.told or self.path.endswith("/health") else 401)
        self.end_headers()
        self.wfile.write(json.dumps(self.told if self.path.endswith("/admin/version") else True).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("told", "state", "says"),
    [
        ("2.20.1", "look", "is of version 2.20.1"),
        (version("prefect"), "ok", "answers"),
        ("", "broken", "refuses our login"),
    ],
)
def test_a_server_of_another_version_or_that_refuses_us_is_told(
    scene: Scene, told: str, state: str, says: str
) -> None:
    handler = type("Told", (Prefect,), {"told": told})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        scene.set(PREFECT_API_URL=f"http://ana:secret@127.0.0.1:{server.server_port}/api")
        point = scene.points()["prefect"]
        server.shutdown()

    assert point.state == state
    assert "secret" not in point.said
    assert says in point.said
