"""No message, traceback, pickle or log record of ours holds a secret, whoever wrote it."""

import copy
import logging
import pickle
from typing import Any

import cloudpickle
import httpx
import pytest

from tasks.errors import HubrosterError, MetaError, MetaUnreachable, TokenRejected
from tasks.meta.access import MetaAccess, Scrubber
from tests.reliability.secrets_shown import OPENED, SECRET, TOKEN, URL, assert_silent, everything_about
from tests.tasks.scripted_meta import Script, refused

OTHERS = "EAAGm0m1m2m3m4m5m6m7m8m9mamb"  # a token that isn't ours


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


def test_errors_keep_their_words_when_prefect_pickles_them() -> None:
    error = MetaError("Meta: no", 190, 463, "Atrace")

    assert str(copy.copy(error)) == str(error)  # by the same protocol
    assert isinstance(error, HubrosterError)
    assert_silent(repr(MetaAccess("https://graph.facebook.com", "v26.0", TOKEN, SECRET, False)))
