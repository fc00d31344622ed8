"""Hand a mail to the mail server, over TLS where that is set, and say in one line why it was not taken."""

import ipaddress
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from tasks.errors import MailError

_SMTPS = 465  # TLS from the first byte; on every other port STARTTLS


@dataclass(frozen=True, slots=True)
class MailServer:
    """The server that takes our mail. With `tls` nothing goes out unencrypted; `sender` is who it is from."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False


def send(server: MailServer, message: EmailMessage, *, timeout_s: float = 30) -> None:
    """Hand one mail over; returning means that the server took it for every recipient.

    Raises MailError in one line, with `passing` when it may go well later; never with a person's address.
    """
    _complete(server, message)
    if server.user and not server.tls and not _is_loopback(server.host):
        raise MailError(f"{_place(server)}: a password would go out in clear: set `[mail] tls = true`")
    try:
        with _connected(server, timeout_s) as smtp:
            if server.user:
                smtp.login(server.user, server.password)
            smtp.send_message(message)
            return
    except (smtplib.SMTPException, OSError, ValueError) as error:
        failed = _told(server, error)
    raise failed  # without the cause: smtplib's errors hold addresses, and what the server said of them


def _complete(server: MailServer, message: EmailMessage) -> None:
    domain = parseaddr(server.sender)[1].rpartition("@")[2]
    try:
        for name, value in (
            ("From", server.sender),
            ("Date", format_datetime(datetime.now(UTC))),
            ("Message-ID", make_msgid(domain=domain or "hubroster")),
        ):
            if name not in message:
                message[name] = value
    except ValueError:
        domain = ""
    if not domain:
        raise MailError("`[mail] from` is not a mail address: mend it in the configuration")


def _connected(server: MailServer, timeout_s: float) -> smtplib.SMTP:
    if server.tls and server.port == _SMTPS:
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=timeout_s, context=ssl.create_default_context()
        )
    smtp = smtplib.SMTP(server.host, server.port, timeout=timeout_s)
    if server.tls:
        try:
            smtp.starttls(context=ssl.create_default_context())
        except (smtplib.SMTPException, OSError, ValueError):
            smtp.close()
            raise
    return smtp


def _told(server: MailServer, error: Exception) -> MailError:
    """Return what failed and what to do, from the kind of error and the server's code alone."""
    code = _code(error)
    place = _place(server)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        told, mend = f"refused our user or password ({code})", "check `[mail] user` and `password`"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        told, mend = (
            f"refused the recipient ({code})",
            "check the address in the directory, or ask who runs the server",
        )
    elif isinstance(error, smtplib.SMTPSenderRefused):
        told, mend = f"refused our sender or the size of the mail ({code})", "check `[mail] from` and `user`"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        told, mend = (
            "can't do what we need (TLS, login, or addresses beyond ASCII)",
            "check `[mail] tls` and `user`",
        )
    elif code is not None:
        told, mend = f"refused the mail ({code})", "ask who runs the server"
    elif isinstance(error, ssl.SSLError):
        told, mend = (
            f"has no TLS that we trust ({error.reason or 'certificate'})",
            "check its certificate and name",
        )
    elif isinstance(error, TimeoutError):
        told, mend = "did not answer in time", "check host and port"
    else:
        told, mend = f"can't be reached ({_kind(error)})", "check `[mail] host` and `port`"
    passing = (
        code // 100 == 4
        if code is not None
        else isinstance(error, OSError) and not isinstance(error, ssl.SSLError)
    )
    again = "; it will be tried again" if passing and code is not None else ""
    return MailError(f"the mail server {place} {told}: {mend}{again}", passing=passing)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return error.smtp_code
    return None


def _kind(error: Exception) -> str:
    return (
        type(error).__name__
        if isinstance(error, smtplib.SMTPException)
        else (getattr(error, "strerror", None) or type(error).__name__)
    )


def _place(server: MailServer) -> str:
    return f"{server.host}:{server.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
