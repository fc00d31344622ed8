"""What `up` writes and refuses, without running it."""

import json
import logging
import os
import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from deployments.cli.parts import Part, Parts, UpFailed
from deployments.cli.systemd_unit import unit
from deployments.cli.up import _require_answer, _require_free, _require_own
from flows.settings import load_settings
from tasks.errors import InputError, PrefectUnreachable
from tasks.log_lines import JSON, TEXT, JsonLine, line_of

CONFIG = """\
[workspace]
name = "North 100% wind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "acme"
business_id = "1"
app_id = "2"
token = "env:ACME_TOKEN"
"""


def test_a_line_of_a_log_has_no_secret_and_steers_no_terminal() -> None:
    token = "EAA" + "x1" * 20
    said = f"GET ?access_token={token} \x1b[2J failed"
    record = logging.LogRecord("hubroster.progress", logging.INFO, "", 0, said, None, None)

    for line in (
        line_of("the flows", said, TEXT),
        line_of("the flows", said, JSON),
        JsonLine().format(record),
    ):
        assert token not in line
        assert "\x1b" not in line
        assert "[secret]" in line
    own = json.loads(line_of("the flows", JsonLine().format(record), JSON))
    assert (own["part"], own["level"], own["logger"]) == ("the flows", "info", "hubroster.progress")


def test_the_unit_names_its_variables_and_holds_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "hubroster.toml").write_text(CONFIG)
    monkeypatch.setenv("ACME_TOKEN", "very-secret")
    monkeypatch.delenv("HUBROSTER_HOME", raising=False)
    text = unit(load_settings(folder / "hubroster.toml"), 4200)

    assert "has to set: ACME_TOKEN" in text
    assert "very-secret" not in text
    assert f'Environment="HUBROSTER_HOME={folder}/.hubroster"' in text
    assert "North 100%% wind" in text, "systemd expands a single %"
    if checker := shutil.which("systemd-analyze"):
        file = tmp_path / "hubroster.service"
        file.write_text(text)
        found = subprocess.run(
            [checker, "verify", "--user", file], capture_output=True, text=True, check=False
        )
        assert "hubroster.service:" not in found.stderr, found.stderr


def test_what_up_refuses_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"port {port} is taken .*: choose another with --port"):
            _require_free(port, "--port")
    with pytest.raises(PrefectUnreachable, match=r"\(http://127.0.0.1:1/api\) doesn't answer"):
        _require_answer("http://somebody:password@127.0.0.1:1/api")
    if os.geteuid() == 0:
        os.chown(tmp_path, 65534, -1)
        with pytest.raises(InputError, match="belongs to nobody: run `up` as nobody"):
            _require_own(tmp_path)


def test_a_part_that_dies_again_and_again_ends_all_and_its_log_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five times it is started again; what it said stands in its log, 0600."""
    monkeypatch.setattr("deployments.cli.parts.LONGEST_PAUSE_S", 0.0)
    monkeypatch.setattr("deployments.cli.parts.LOOK_S", 0.01)
    parts = Parts(tmp_path / "logs", TEXT)
    parts.start(Part("the page", ["-c", "print('began', flush=True); exit(3)"], dict(os.environ)))

    with pytest.raises(UpFailed, match=r"the page ended 6 times .*exit 3"):
        parts.wait()
    parts.stop()
    log = tmp_path / "logs" / "the-page.log"
    assert log.read_text().count("began") >= 5
    assert log.stat().st_mode & 0o777 == 0o600
