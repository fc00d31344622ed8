"""Where a hub's Graph API is, what opens it, and how none of that gets into a message."""

import hashlib
import hmac
import ipaddress
import logging
import re
import traceback
from dataclasses import dataclass, field
from typing import NoReturn
from urllib.parse import quote, urlsplit

from tasks.errors import SettingsError
from tasks.secret_words import without_secrets

_ENOUGH = 400  # characters of a message; Meta's own are shorter, a page of HTML is not
_LOGGERS = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "hpack.hpack",
    "hpack.table",
    "asyncio",
)
_BEGINNING = 16  # characters of a secret that tell it: Meta may cut what it quotes


@dataclass(frozen=True, slots=True)
class MetaAccess:
    """What a session with the Graph API needs. The repr shows neither token nor secret."""

    graph_url: str
    api_version: str
    token: str = field(repr=False)
    app_secret: str | None = field(repr=False)
    sandbox: bool
    wait_s: float = 900
    concurrency: int = 4

    def proof(self) -> dict[str, str]:
        """Return `appsecret_proof` as a parameter; nothing without an app secret (meta-graph-api.md §6)."""
        if not self.app_secret:
            return {}
        digest = hmac.new(self.app_secret.encode(), self.token.encode(), hashlib.sha256).hexdigest()
        return {"appsecret_proof": digest}

    def __reduce__(self) -> NoReturn:
        """Refuse: Prefect pickles results, and keeps them in a file that others may read."""
        raise TypeError("what opens a hub is never pickled")

    def check(self) -> None:
        """Raise SettingsError unless the token may be sent there.

        A real token goes to https://graph.facebook.com alone; a sandbox's only to this machine.
        """
        if not _allowed(self.graph_url, sandbox=self.sandbox):
            where = "an address of this machine" if self.sandbox else "https://graph.facebook.com"
            raise SettingsError(
                f"[meta] graph_url must be {where} for a hub with sandbox = {str(self.sandbox).lower()}"
            )
        if not re.fullmatch(r"v\d+\.\d+", self.api_version):
            raise SettingsError(f"[meta] api_version must look like v26.0, not {self.api_version[:20]!r}")
        # The HTTP library's message quotes a header that it can't send; this one doesn't.
        if not re.fullmatch(r"[!-~]+", self.token):
            raise SettingsError("the hub's token is empty, or holds characters that no token has")
        if self.concurrency < 1:
            raise SettingsError("concurrency must be at least 1")


def _allowed(url: str, *, sandbox: bool) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.username or parts.password or parts.query or parts.fragment or parts.path not in ("", "/"):
        return False
    if not sandbox:
        return parts.scheme == "https" and parts.hostname == "graph.facebook.com" and port in (None, 443)
    return parts.scheme in ("http", "https") and _loopback(parts.hostname or "")


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Scrubber(logging.Filter):
    """Takes a hub's secrets out of messages; as a logging filter, out of what the HTTP libraries log."""

    def __init__(self, access: MetaAccess) -> None:
        super().__init__()
        secrets = {access.token, access.app_secret or "", *access.proof().values()} - {""}
        forms = {form for secret in secrets for form in (secret, quote(secret, safe=""))}
        self._beginnings = sorted({form[:_BEGINNING] for form in forms}, key=len, reverse=True)
        self._ours = re.compile(
            "|".join(rf"{re.escape(text)}[\w%.|~+/=-]*" for text in self._beginnings)
            if self._beginnings
            else r"(?!)"
        )

    def __reduce__(self) -> NoReturn:
        """Refuse, as MetaAccess does."""
        raise TypeError("what opens a hub is never pickled")

    def without_secrets(self, text: str) -> str:
        """Return the text with every secret of this hub, and whatever looks like one, replaced."""
        text = self._ours.sub("[secret]", text)
        return without_secrets(text)

    def clean(self, text: str) -> str:
        """Return the text as one line of reasonable length without any of the secrets."""
        text = " ".join(self.without_secrets(text).split())
        return text if len(text) <= _ENOUGH else text[:_ENOUGH] + "…"

    def filter(self, record: logging.LogRecord) -> bool:
        """Let records pass, the secrets replaced; not Huffman-coded headers: the token hides in them."""
        if record.name == "hpack.hpack" and record.levelno < logging.INFO:
            return False
        message = record.getMessage()
        cleaned = self.without_secrets(message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        if record.exc_info and record.exc_info[1] is not None:
            told = "".join(traceback.format_exception(record.exc_info[1])).rstrip()
            cleaned = self.without_secrets(told)
            if cleaned != told:
                record.exc_info, record.exc_text = None, cleaned
        return True

    def attach(self) -> None:
        """Watch the HTTP libraries' loggers: at INFO they write whole URLs, at DEBUG header tables."""
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)

    def detach(self) -> None:
        """Stop watching."""
        for name in _LOGGERS:
            logging.getLogger(name).removeFilter(self)
