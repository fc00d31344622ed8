"""A letter as a mail: text and HTML from the same words."""

import re
import textwrap
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from matching.roster.one_line import one_line, their_words
from tasks.errors import MailError
from tasks.mail.address import is_address
from tasks.mail.blocks import Body
from tasks.mail.letters import Letter, TestMail
from tasks.mail.wording import worded


class _WholeSubject(EmailPolicy):
    """A plain subject stays on one line: Python would begin one of 70 to 78 characters with an empty line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject" and value.isascii():
            return f"{name}: {value}{self.linesep}".encode()
        return super().fold_binary(name, value)


_POLICY = _WholeSubject(linesep=SMTP.linesep)
_WIDTH = 78
_SUBJECT = 180
_NO_ADDRESS = "an Owner's address is not a mail address: mend it in the directory"


def letter(mail: Letter, at: datetime | None = None) -> EmailMessage:
    """Return the mail, with both parts; `send` adds who it is from. `at`: its date, else when it is sent.

    Raises MailError when the address is none.
    """
    body = worded(mail)
    message = EmailMessage(policy=_POLICY)
    if isinstance(mail, TestMail):
        message["To"] = _recipient(
            mail.to, "", "that is not a mail address: write one like ana@northwind.example"
        )
    else:
        message["To"] = _recipient(mail.to, mail.owner_name, _NO_ADDRESS)
    message["Subject"] = one_line(body.subject, _SUBJECT)
    if at is not None:
        message["Date"] = format_datetime(at.astimezone(UTC))
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no absence notes in answer to it
    if body.thread:
        message["References"] = f"<review-{re.sub(r'[^A-Za-z0-9_-]', '', body.thread)[:80]}@hubroster>"
    message.set_content(_text(body), cte="quoted-printable")
    message.add_alternative(_html(body), subtype="html", cte="quoted-printable")
    return message


def _recipient(address: str, name: str, wrong: str) -> Address:
    if is_address(address):
        local, _, domain = address.rpartition("@")
        try:
            return Address(display_name=their_words(name), username=local, domain=domain)
        except (MessageError, ValueError, IndexError):
            pass  # told below, without the address
    raise MailError(wrong)


def _text(body: Body) -> str:
    text = _TEMPLATES.get_template("letter.txt").render(body=body)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _html(body: Body) -> str:
    return _TEMPLATES.get_template("letter.html").render(body=body)


def _wrapped(text: str, rest: str = "", first: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


_TEMPLATES = Environment(
    loader=PackageLoader("tasks.mail"),
    autoescape=select_autoescape(("html",), default=False),  # the text part is no HTML
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["wrapped"] = _wrapped
