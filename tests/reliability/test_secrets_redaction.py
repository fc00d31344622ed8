"""No message, traceback, pickle or log record of ours holds a secret, whoever wrote it."""

import copy
import logging
import pickle
import stat
import traceback
from pathlib import Path
from typing import Any

import cloudpickle
import httpx
import pytest

from deployments.cli.main import main
from flows.secret_refs import resolve
from tasks.errors import HubrosterError, MetaError, MetaUnreachable, SettingsError, TokenRejected
from tasks.meta.access import MetaAccess, Scrubber
from tests.tasks.scripted_meta import Script, access, refused

TOKEN = "EAAGb0a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6q7r8s9"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
OPENED = access(token=TOKEN, app_secret=SECRET)
PROOF = OPENED.proof()["appsecret_proof"]
URL = f"https://graph.test/v26.0/1?access_token={TOKEN}&appsecret_proof={PROOF}"
OTHERS = "EAAGm0m1m2m3m4m5m6m7m8m9mamb"  # a token that isn't ours


def everything_about(error: BaseException) -> str:
    """Return all that somebody could get to see of an error and of those behind it."""
    told, chain = "".join(traceback.format_exception(error)), [error]
    for one in chain:
        chain += [e for e in (one.__cause__, one.__context__) if e is not None and e not in chain]
        told += "".join(map(repr, [one, str(one), one.args, vars(one), getattr(one, "__notes__", [])]))
        for name in ("request", "object", "doc", "stdout", "stderr", "cmd", "output"):
            told += repr(getattr(one, name, None))
    return told


def assert_silent(text: str, *secrets: str) -> None:
    assert [secret for secret in (*secrets, TOKEN, SECRET, PROOF) if secret[:16] in text] == []


@pytest.mark.parametrize(
    "broken",
    [
        httpx.ReadError(f"GET {URL}"),
        httpx.RemoteProtocolError(f"bad header {TOKEN}", request=httpx.Request("GET", URL)),
        httpx.LocalProtocolError(f"Illegal header value b'Bearer {TOKEN}'"),
        httpx.InvalidURL(f"no port in {URL}"),
        httpx.ConnectTimeout(URL, request=httpx.Request("GET", URL)),
        httpx.StreamClosed(),
        RuntimeError(f"closed while {URL}"),
        KeyError(TOKEN),
        UnicodeEncodeError("ascii", f"Bearer {TOKEN}é", 51, 52, "ordinal not in range"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whatever_the_http_library_raises_leaves_without_the_url_and_the_header(broken: Exception) -> None:
    broken.add_note(f"sent to {URL}")
    script = Script(broken)

    with pytest.raises(MetaUnreachable) as caught:
        script.run(lambda client: client.get("1", {}), token=TOKEN, app_secret=SECRET)

    assert_silent(everything_about(caught.value))
    assert_silent(repr(pickle.dumps(caught.value)))
    assert_silent(str(script.said))


@pytest.mark.parametrize(
    "words",
    [
        f"Malformed access token {TOKEN}",
        f"Malformed access token {TOKEN[:24]}...",
        f"see {URL}",
        f"see {URL.replace('=', '%3D').replace('&', '%26')}",
        f'{{"access_token": "{OTHERS}"}}',
        f"?access_token={OTHERS}&x=1",
        f"the Page's token {OTHERS}",
        "accept at https://business.facebook.com/invitation/?token=0123456789abcdef0123",
    ],
)
def test_what_meta_quotes_in_its_refusals_is_taken_out(words: str) -> None:
    with pytest.raises(TokenRejected) as caught:
        Script(refused(190, words)).run(lambda client: client.get("1", {}), token=TOKEN, app_secret=SECRET)

    assert_silent(everything_about(caught.value), OTHERS, "0123456789abcdef0123")
    assert "[secret]" in str(caught.value)


def test_an_ordinary_message_stays_as_it_is() -> None:
    words = "(#100) Tried accessing nonexisting field (email) on node type (BusinessUser); invite expired"

    assert Scrubber(OPENED).clean(words) == words


@pytest.mark.parametrize("dumps", [pickle.dumps, cloudpickle.dumps, copy.deepcopy])
@pytest.mark.parametrize("holder", [OPENED, Scrubber(OPENED)], ids=["access", "scrubber"])
def test_what_opens_a_hub_can_not_be_pickled(dumps: Any, holder: object) -> None:
    """Prefect would keep it in a file that others may read."""
    with pytest.raises(TypeError) as caught:
        dumps({"result": holder})

    assert_silent(everything_about(caught.value) + repr(holder))


def records(*loggers: str) -> list[logging.LogRecord]:
    """Log in the names of the libraries what they know, and return what a handler gets."""
    kept: list[logging.LogRecord] = []
    handler, scrubber = logging.Handler(), Scrubber(OPENED)
    handler.emit = kept.append  # type: ignore[method-assign]
    scrubber.attach()
    for name in loggers:
        logger = logging.getLogger(name)
        before = logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
        logger.debug("asked %s with %r", URL, [(b"authorization", f"Bearer {TOKEN}".encode())])
        try:
            httpx.Request("GET", 5)  # type: ignore[arg-type]
        except TypeError as error:
            error.add_note(URL)
            logger.exception("failed")
        logger.removeHandler(handler)
        logger.setLevel(before)
    scrubber.detach()
    return kept


def test_the_libraries_log_lines_and_tracebacks_are_cleaned() -> None:
    names = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "hpack.table", "asyncio")
    kept = records(*names)

    assert len(kept) == 2 * len(names)
    shown = "".join(logging.Formatter().format(record) + str(record.args) for record in kept)
    assert_silent(shown)
    assert shown.count("Traceback") == len(names)
    assert shown.count("[secret]") == 5 * len(names)


def test_a_huffman_coded_header_is_not_logged_at_all() -> None:
    """It is the token in a disguise that no search sees through."""
    assert [record.levelname for record in records("hpack.hpack")] == ["ERROR"]


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

    assert (code, said.out, said.err.count("\n")) == (1, "", 1)
    assert told in said.err
    assert_silent(said.err)


def test_errors_keep_their_words_when_prefect_pickles_them() -> None:
    error = MetaError("Meta: no", 190, 463, "Atrace")

    assert str(copy.copy(error)) == str(error)  # by the same protocol
    assert isinstance(error, HubrosterError)
    assert_silent(repr(MetaAccess("https://graph.facebook.com", "v26.0", TOKEN, SECRET, False)))
