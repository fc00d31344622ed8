"""Real mail servers on a socket: one that takes mail as it is told to, and ones that misbehave."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"


@dataclass
class Taken:
    """What a server took: envelopes and mails; `over_tls` says for each how it came."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    refuse: str = ""  # the answer to RCPT, such as "550 5.1.1 <ana@x.example> unknown"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse:
            return self.refuse
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self.mails.append(mail)
        self.over_tls.append(session.ssl is not None)
        self.senders.append(str(envelope.mail_from))
        return "250 taken"


@contextlib.contextmanager
def mail_server(
    *, tls: ssl.SSLContext | None = None, from_start: bool = False, login: tuple[str, str] | None = None
) -> Iterator[Taken]:
    """A server on a free port. With `tls` it wants STARTTLS, or with `from_start` TLS at once."""
    taken = Taken()

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        right = isinstance(data, LoginPassword) and login == (data.login.decode(), data.password.decode())
        return AuthResult(success=right, handled=False)

    options: dict[str, Any] = {"hostname": "mail.example", "enable_SMTPUTF8": True}
    if login:
        options |= {"auth_required": True, "authenticator": authenticate, "auth_require_tls": False}
    if tls and not from_start:
        options |= {"tls_context": tls, "require_starttls": True}
    ready, loop, end = Event(), asyncio.new_event_loop(), asyncio.Event()

    async def serve() -> None:
        server = await loop.create_server(
            lambda: SMTP(taken, **options), HOST, 0, ssl=tls if from_start else None
        )
        taken.port = server.sockets[0].getsockname()[1]
        ready.set()
        await end.wait()
        server.close()
        await asyncio.sleep(0.01)  # what is being closed is closed at the loop's next turns

    thread = Thread(target=loop.run_until_complete, args=[serve()], daemon=True)
    thread.start()
    ready.wait()
    try:
        yield taken
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join()
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()


@contextlib.contextmanager
def speaking_server(greeting: bytes) -> Iterator[int]:
    """A server that greets and then says nothing more, nor hangs up, until the end."""
    with socket.create_server((HOST, 0)) as listening:
        connections: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    connections.append(connection)
                    connection.sendall(greeting)

        thread = Thread(target=accept, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in connections:
            connection.close()


def own_certificate(folder: Path, *, host: str = HOST) -> tuple[ssl.SSLContext, Path]:
    """A server's TLS context with a certificate of its own for `host`, and the file of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return context, trusted
