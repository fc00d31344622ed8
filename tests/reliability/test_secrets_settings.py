"""A secret that can't be had, or stands where it should not, is told in one line that doesn't repeat it."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from deployments.cli.main import main
from flows.checking.job import begin
from flows.secret_refs import resolve
from flows.server.home import settle_in
from flows.settings import load_settings
from tasks.errors import PrefectUnreachable, SettingsError
from tests.reliability.secrets_shown import SECRET, TOKEN, assert_silent, everything_about

SET_FOR_PREFECT = (
    "PREFECT_HOME",
    "PREFECT_SERVER_ANALYTICS_ENABLED",
    "DO_NOT_TRACK",
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL",
)


def hidden(reference: str, folder: Path) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        resolve(reference, folder)
    assert_silent(everything_about(caught.value))
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_command_that_fails_is_told_without_what_it_printed(tmp_path: Path) -> None:
    script = tmp_path / "fails.sh"
    script.write_text(f"echo {TOKEN}\necho denied for {TOKEN} >&2\nexit 3\n")

    assert "can't be had" in str(hidden(f"command:sh {script}", tmp_path))


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [
        (f"{TOKEN}\n".encode(), 0o644, "chmod 600"),
        (f"{TOKEN}\xff".encode("latin-1"), 0o600, "can't be read"),
        (f"{TOKEN}\n{TOKEN}\n".encode(), 0o600, "characters that no token has"),
        (f"{TOKEN} # mine\n".encode(), 0o600, "characters that no token has"),
        (f"{TOKEN}é\n".encode(), 0o600, "characters that no token has"),
    ],
)
def test_a_file_that_can_not_be_used_is_told_without_what_is_in_it(
    content: bytes, mode: int, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(stat.S_IFREG | mode)

    assert told in str(hidden("file:token", tmp_path))


CONFIG = """\
[workspace]
name = "Northwind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "acme"
business_id = "1234567890"
app_id = "2345678901"
{line}
"""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f'token = "{TOKEN}"', "by reference"),
        (f'token = "env:{TOKEN}"', "never the secret itself"),
        (f'token = "env:T"\napp_secret = "env:{SECRET}"', "never the secret itself"),
        (f'token = "env:a{SECRET[1:]}"', "never the secret itself"),
        (f'token = "{TOKEN}', "not valid TOML"),
        (f"token = {TOKEN}", "not valid TOML"),
        (f'token = ["{TOKEN}"]', "token"),
        (f'token = "env:T"\nlogin_method = "{TOKEN}"', "login_method"),
        ('token = "env:UNSET_TOKEN"', "env:UNSET_TOKEN"),
        ('token = "env:BAD_TOKEN"', "env:BAD_TOKEN"),
        ('token = "file:gone"', "file:gone"),
    ],
)
def test_a_mistake_in_the_configuration_is_one_line_that_repeats_no_secret(
    line: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "hubroster.toml"
    config.write_text(CONFIG.format(line=line))
    monkeypatch.setenv("HUBROSTER_CONFIG", str(config))
    monkeypatch.setenv("BAD_TOKEN", f"{TOKEN}\nX-Other: {TOKEN}")
    monkeypatch.delenv("UNSET_TOKEN", raising=False)

    code = main(["check", "acme", "--json"])
    said = capfd.readouterr()

    assert (code, json.loads(said.out)["exit"], said.err.count("\n")) == (1, 1, 1)
    assert_silent(said.out)
    assert told in said.err
    assert_silent(said.err)
    try:
        begin(load_settings(), "acme").access()
    except SettingsError as error:
        assert_silent(everything_about(error))


@pytest.mark.parametrize("url", ["http://admin:{}@127.0.0.1:9/api", "http://{}@127.0.0.1:9/api"])
def test_a_prefect_server_is_named_without_its_password(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hubroster.toml").write_text(CONFIG.format(line='token = "env:T"'))
    monkeypatch.setenv("HUBROSTER_CONFIG", str(tmp_path / "hubroster.toml"))
    monkeypatch.setenv("HUBROSTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_API_URL", url.format(TOKEN))
    for name in list(sys.modules):  # what it sets it must set before Prefect is imported
        if name == "prefect":
            monkeypatch.delitem(sys.modules, name)
    for name in (n for n in SET_FOR_PREFECT if n not in os.environ):
        monkeypatch.setenv(name, "")  # so that they are taken back
        monkeypatch.delenv(name)

    with pytest.raises(PrefectUnreachable, match=r"127\.0\.0\.1:9/api") as caught:
        settle_in(load_settings())

    assert_silent(str(caught.value))
