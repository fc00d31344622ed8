"""A mail server that delivers nothing: it takes mail by SMTP and keeps it for whoever looks."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Lock, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class _Connection(SMTP):
    """One client's connection; `open_ones` has all of them, so that they can be cut when the server stops."""

    def __init__(self, mailbox: "Mailbox", open_ones: set["_Connection"]) -> None:
        super().__init__(mailbox, hostname="sandbox.example", enable_SMTPUTF8=True)
        self._open_ones = open_ones

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._open_ones.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._open_ones.discard(self)
        super().connection_lost(error)


class Mailbox:
    """Take every mail for every address; `clock` says when a mail came in."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._clock = clock
        self._lock = Lock()
        self._mails: list[dict[str, Any]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: Thread | None = None
        self._ready = Event()
        self._address = ("", 0)
        self._failure: OSError | None = None

    def start(self, host: str = "127.0.0.1", port: int = 0) -> tuple[str, int]:
        """Listen, and return host and port; port 0 takes a free one. Raises OSError if the port is taken."""
        if self._thread is not None:
            raise RuntimeError("the mailbox has been started already")
        self._ready.clear()
        self._failure = None
        # aiosmtpd's own Controller can't do port 0: to see that it is up it connects to the port it was given
        self._thread = Thread(
            target=asyncio.run, args=(self._serve(host, port),), name="mailbox", daemon=True
        )
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self.stop()
            raise self._failure
        return self._address

    def stop(self) -> None:
        """Stop listening. What came in is kept; stopping twice is no error."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        if self._loop is not None and not self._loop.is_closed() and self._failure is None:
            self._loop.call_soon_threadsafe(self._stopped.set)
        thread.join()

    def messages(self) -> list[dict[str, Any]]:
        """Return the mails, the newest last: at, from, to, subject, text, html, headers."""
        with self._lock:
            return list(self._mails)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, its name
        """Keep one mail (called by aiosmtpd)."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        mail = _as_row(raw, str(envelope.mail_from or ""), [str(one) for one in envelope.rcpt_tos])
        with self._lock:
            self._mails.append({"at": self._clock().astimezone(UTC).isoformat(), **mail})
        return "250 kept"

    async def _serve(self, host: str, port: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        open_ones: set[_Connection] = set()
        try:
            server = await self._loop.create_server(lambda: _Connection(self, open_ones), host, port)
        except OSError as error:
            self._failure = error
            return
        else:
            self._address = server.sockets[0].getsockname()[:2]
        finally:
            self._ready.set()
        await self._stopped.wait()
        # asyncio (3.11) leaks a connection that is being accepted when its server closes: let it in first
        for _ in range(3):
            await asyncio.sleep(0)
        server.close()
        for connection in list(open_ones):
            if isinstance(connection.transport, asyncio.Transport):
                connection.transport.abort()
        while open_ones:  # they are closed at the loop's next turn
            await asyncio.sleep(0)


def _as_row(raw: bytes, sender: str, recipients: list[str]) -> dict[str, Any]:
    message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
    return {
        "from": sender,
        "to": recipients,
        "subject": str(message.get("Subject", "")),
        "text": _body(message, "plain"),
        "html": _body(message, "html"),
        "headers": {name: str(value) for name, value in message.items()},
    }


def _body(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else str(part.get_content())
