"""Connecting: written down only if all works, nothing over what is there, no secret but in its own file."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from deployments.cli.main import main
from deployments.sandbox.build import WorldPlan
from deployments.sandbox.server import Sandbox
from flows.hubs.connecting import Connected, NewHub, NewWorkspace, connect
from flows.hubs.disconnecting import disconnect
from flows.opening.ledger import ledger_of
from flows.secret_refs import resolve
from flows.settings import load_settings
from tasks.errors import HubrosterError, InputError
from tasks.warehouse.connect import warehouse


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(WorldPlan(members=14, pages=4, ad_accounts=3, directory=40)) as running:
        yield running


class Folder:
    """An empty folder in which hubs are connected."""

    def __init__(self, box: Sandbox, path: Path, patch: pytest.MonkeyPatch) -> None:
        self.box, self.path = box, path
        patch.setenv("HUBROSTER_CONFIG", str(path / "hubroster.toml"))
        for name in ("HUBROSTER_HOME", "HUBROSTER_CLOCK_S", "PREFECT_API_URL"):
            patch.delenv(name, raising=False)
        world = box.world
        for name, secret in {"READ": world.access_token, "SECRET": world.app_secret}.items():
            patch.setenv(name, secret)

    def fit(self) -> list[str]:
        rows = self.box.world.directory
        fit = [row for row in rows if row["status"] == "active" and row["kind"] == "employee"]
        return [str(row["primary_email"]) for row in fit[:2]]

    def hub(self, **other: Any) -> NewHub:
        world = self.box.world
        facts: dict[str, Any] = {
            "label": "acme",
            "business_id": world.business.id,
            "app_id": world.app_id,
            "app_secret": "env:SECRET",
            "token": "env:READ",
            "write_token": SecretStr(world.write_token),
            "owners": self.fit(),
            "sandbox": self.box.graph_url,
        }
        return NewHub(**facts | other)

    def workspace(self, **other: Any) -> NewWorkspace:
        box = self.box
        facts: dict[str, Any] = {"name": "Northwind", "directory": str(box.directory_path)}
        return NewWorkspace(**facts | {"mail_host": box.smtp_host, "mail_port": box.smtp_port} | other)

    def connect(self, *, anyway: bool = False, **other: Any) -> Connected:
        return connect(self.hub(**other), self.workspace(), anyway=anyway)

    def files(self) -> list[str]:
        return sorted(str(one.relative_to(self.path)) for one in self.path.rglob("*") if one.is_file())


@pytest.fixture
def folder(box: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    return Folder(box, tmp_path, monkeypatch)


def test_a_hub_that_works_is_written_down_and_its_typed_secret_kept_apart(folder: Folder) -> None:
    done = folder.connect()

    assert not done.found.broken
    assert folder.files() == [".hubroster/secrets/acme.write-token", "hubroster.toml", "hubs.d/acme.toml"]
    assert [
        oct(folder.path.joinpath(one).stat().st_mode & 0o777) for one in (".hubroster", ".hubroster/secrets")
    ] == ["0o700"] * 2
    settings = load_settings()
    assert settings.workspace.name == "Northwind"
    assert settings.hub("acme").write_token == "file:.hubroster/secrets/acme.write-token"
    assert settings.hub("acme").owners == tuple(folder.fit())
    written = (folder.path / "hubs.d" / "acme.toml").read_text()
    assert folder.box.world.write_token not in written + repr(done) + repr(folder.hub())


def test_nothing_at_all_stays_of_a_hub_that_does_not_work(folder: Folder) -> None:
    done = folder.connect(app_id="1")

    assert [point.name for point in done.found.broken] == ["app"]
    assert (done.files, list(folder.path.iterdir())) == ([], [])


def test_anyway_writes_it_down_with_what_is_broken(folder: Folder) -> None:
    folder.connect(app_id="1", anyway=True)

    text = (folder.path / "hubs.d" / "acme.toml").read_text()
    assert "# Though broken when connected: app: token is of app" in text
    assert load_settings().hub("acme").app_id == "1"


def test_whoever_is_no_employee_of_the_directory_becomes_no_owner(folder: Folder) -> None:
    done = folder.connect(owners=["somebody@else.test"])

    assert [(point.name, point.mend) for point in done.found.broken] == [
        ("owners", "name active employees of the directory as owners")
    ]


def test_a_file_of_a_persons_is_never_touched(folder: Folder) -> None:
    folder.connect(label="first")
    main_file = folder.path / "hubroster.toml"
    main_file.write_text(main_file.read_text() + "# mine\n")
    before = main_file.read_text()
    disconnect(load_settings(), "first", "again")

    folder.connect()

    assert main_file.read_text() == before
    assert folder.files() == [".hubroster/secrets/acme.write-token", "hubroster.toml", "hubs.d/acme.toml"]


@pytest.mark.parametrize(
    ("other", "says"),
    [
        ({}, "there is a hub .acme. already"),
        ({"label": "other"}, "is connected already, as 'acme'"),
        ({"label": "../../acme"}, "label: a label has small letters"),
        ({"label": "other", "business_id": "12; drop"}, "business_id: the id of a business is a number"),
        ({"label": "other", "business_id": "7", "token": "EAAB" + "x" * 60}, "given by reference"),
        ({"label": "other", "business_id": "7", "login_method": "magic"}, "login_method"),
        ({"label": "other", "business_id": "7", "owners": []}, "name the first Owner"),
        ({"label": "other", "business_id": "7", "sandbox": "http://127.0.0.1:9"}, "another .meta. graph_url"),
    ],
)
def test_what_can_not_be_is_refused_in_one_line_and_nothing_is_written(
    folder: Folder, other: dict[str, Any], says: str
) -> None:
    folder.connect()
    before = folder.files()

    with pytest.raises(InputError, match=says) as refused:
        folder.connect(**other)

    assert "\n" not in str(refused.value)
    assert "EAAB" not in str(refused.value)
    assert folder.files() == before


def test_a_label_keeps_the_history_of_one_business(folder: Folder) -> None:
    folder.connect()
    with warehouse(load_settings().warehouse_path) as con:
        con.execute("insert into hubs (hub, business_id) values ('acme', '42')")
    disconnect(load_settings(), "acme", "sold")

    with pytest.raises(InputError, match="was the label of business 42"):
        folder.connect()


def test_an_erased_label_keeps_the_owners_of_one_business(folder: Folder) -> None:
    """Else who was an Owner of one client's hub would be one of another's."""
    folder.connect()
    with warehouse(load_settings().warehouse_path) as con:
        con.execute("insert into hubs (hub, business_id) values ('acme', $1)", [folder.box.world.business.id])
    with ledger_of(load_settings()) as ledger, ledger.writing() as book:
        payload = {"person": book.ref("person", "ana"), "counts_from": book.now.isoformat()}
        book.append("owner_named", hub="acme", actor="hubroster", identified_by="settings", payload=payload)
    disconnect(load_settings(), "acme", "they went", erase=True)

    with pytest.raises(InputError, match=f"was the label of business {folder.box.world.business.id}"):
        folder.connect(business_id="42")


def test_a_name_with_quotes_and_signs_reads_back_as_it_was(folder: Folder) -> None:
    name = 'Nörd "wind" \\ \t ünd\x7f Söhne # 1'
    connect(folder.hub(), folder.workspace(name=name))

    assert load_settings().workspace.name == name
    assert tomllib.loads((folder.path / "hubroster.toml").read_text())["mail"]["port"] == folder.box.smtp_port


def test_without_a_terminal_all_that_is_missing_is_named_at_once(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["connect", "acme", "--app-id", "1"]) == 2  # a call that says too little
    said = " ".join(capsys.readouterr().err.split())
    assert "say --business-id, --token, --owner, --workspace, --directory" in said


def test_disconnect_erases_what_connect_wrote_and_says_what_stays(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.connect()

    assert main(["disconnect", "acme", "--reason", "sold"]) == 0

    said = " ".join(capsys.readouterr().out.split())
    assert "nobody was removed at Meta" in said
    assert "acme.write-token" in said
    assert "What stays: the hub's history" in said
    assert folder.files() == ["hubroster.toml"]
    assert main(["hubs", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"hubs": []}
    assert main(["members", "acme"]) == 1
    assert "has no hub yet: `hubroster connect LABEL` makes one" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("label", ["other", "../acme"])
def test_a_hub_that_is_not_there_is_not_disconnected(folder: Folder, label: str) -> None:
    folder.connect()
    before = folder.files()

    with pytest.raises(HubrosterError, match="there is no hub"):
        disconnect(load_settings(), label, "why not")

    assert folder.files() == before


def test_a_hub_in_a_persons_own_file_is_theirs_to_delete(folder: Folder) -> None:
    folder.connect()
    main_file, file = folder.path / "hubroster.toml", folder.path / "hubs.d" / "acme.toml"
    main_file.write_text(main_file.read_text() + "[[hubs]]\n" + file.read_text())
    file.unlink()

    with pytest.raises(InputError, match="yours to edit: delete its"):
        disconnect(load_settings(), "acme", "sold")


def test_a_reason_is_needed(folder: Folder) -> None:
    folder.connect()

    with pytest.raises(HubrosterError, match="say why"):
        disconnect(load_settings(), "acme", " ")


def test_a_home_elsewhere_is_named_by_its_whole_path(
    folder: Folder, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path_factory.mktemp("a home") / "of hubroster"
    monkeypatch.setenv("HUBROSTER_HOME", str(home))
    folder.connect()

    reference = load_settings().hub("acme").write_token
    assert reference == f"file:{home / 'secrets' / 'acme.write-token'}"
    assert resolve(reference, folder.path).get_secret_value() == folder.box.world.write_token
    disconnect(load_settings(), "acme", "sold")
    assert not (home / "secrets").exists()


def test_what_a_persons_file_says_is_not_taken_from_flags(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder.connect()
    words = ["--business-id", "7", "--app-id", "1", "--token", "env:READ", "--owner", folder.fit()[0]]

    assert main(["connect", "other", *words, "--mail-host", "mail.test"]) == 1
    assert "is yours to edit: leave out what it says" in " ".join(capsys.readouterr().err.split())
