"""Hand a mail to the mail server, over TLS where that is set, and say in one line why it was not taken."""

import ipaddress
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from tasks.errors import MailError
from tasks.mail.address import is_address

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
    _with(server, timeout_s, lambda smtp: smtp.send_message(message))


def answers(server: MailServer, *, timeout_s: float = 10) -> None:
    """Connect, log in and name our sender as `send` does, and send nothing. Raises MailError as it does."""
    _complete(server, EmailMessage())
    _with(server, timeout_s, lambda smtp: _name_sender(smtp, parseaddr(server.sender)[1]))


def _name_sender(smtp: smtplib.SMTP, address: str) -> None:
    smtp.ehlo_or_helo_if_needed()
    code, said = smtp.mail(address)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, said, address)
    smtp.rset()


def _with(server: MailServer, timeout_s: float, act: Callable[[smtplib.SMTP], object]) -> None:
    if server.user and not server.tls and not _is_loopback(server.host):
        raise MailError(f"{_place(server)}: a password would go out in clear: set `[mail] tls = true`")
    try:
        with _connected(server, timeout_s) as smtp:
            if server.user:
                smtp.login(server.user, server.password)
            act(smtp)
            return
    except (smtplib.SMTPException, OSError, ValueError) as error:
        failed = _told(server, error)
    raise failed  # without the cause: smtplib's errors hold addresses, and what the server said of them


def _complete(server: MailServer, message: EmailMessage) -> None:
    address = parseaddr(server.sender)[1]
    usable = is_address(address) and server.sender.isprintable()
    try:
        for name, value in (
            ("From", server.sender),
            ("Date", format_datetime(datetime.now(UTC))),
            ("Message-ID", make_msgid(domain=address.rpartition("@")[2] or "hubroster")),
        ):
            if name not in message:
                message[name] = value
    except ValueError:
        usable = False
    if not usable:
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
    told, mend = _why(error, code)
    refused_for_good = isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError | ValueError)
    passing = code // 100 == 4 if code is not None else not refused_for_good
    return MailError(f"the mail server {_place(server)} {told}: {mend}", passing=passing)


def _why(error: Exception, code: int | None) -> tuple[str, str]:
    host = "check `[mail] host` and `port`"
    match error:
        case smtplib.SMTPAuthenticationError():
            return f"refused our user or password ({code})", "check `[mail] user` and `password`"
        case smtplib.SMTPRecipientsRefused():
            return f"refused the recipient ({code})", "check the Owner's address in the directory"
        case smtplib.SMTPSenderRefused():
            return f"refused our sender, or the size of the mail ({code})", "check `[mail] from` and `user`"
        case ssl.SSLError():  # before ValueError: one of a certificate is both
            return f"has no TLS that we trust ({error.reason or 'certificate'})", "check its certificate"
        case smtplib.SMTPNotSupportedError() | ValueError():
            needs = "TLS, login, or an address beyond ASCII"
            return f"can't do what we need ({needs})", "check `[mail] tls` and `user`"
        case smtplib.SMTPException() if code is not None:
            return f"refused the mail ({code})", "ask who runs the server"
        case TimeoutError() | smtplib.SMTPServerDisconnected():
            return "hung up, or did not answer in time", host
        case OSError():
            return f"can't be reached ({error.strerror or type(error).__name__})", host
    return f"can't be used ({type(error).__name__})", host


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return error.smtp_code
    return None


def _place(server: MailServer) -> str:
    return f"{server.host}:{server.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
