"""`hubroster login`: an Owner proves by a code in his mailbox who sits at the command line (design §9)."""

import os
from datetime import timedelta
from pathlib import Path

from flows.opening.ledger import ledger_of, people_by_address, person_ref
from flows.opening.mail_server import mail_server
from flows.owners.first_owners import first_owners
from flows.review.refusals import write_refused
from flows.settings import Settings
from matching.review.owners import Known, is_fit, owners_of
from tasks.errors import HubrosterError
from tasks.ledger.book import Book
from tasks.ledger.codes import RefusedCode, issue, redeem
from tasks.ledger.sessions import open_session, session_of
from tasks.mail.letters import LoginCode
from tasks.mail.message import letter
from tasks.mail.send import send

MINUTES = 15
NOT_AN_OWNER = "this address is not that of one active employee who is an Owner of a hub here"


class LoginRefused(HubrosterError):
    """Nobody is logged in."""


def send_code(settings: Settings, address: str) -> str:
    """Mail a login code to an Owner, at the address that the directory has; return his reference."""
    first = first_owners(settings).at(address)
    with ledger_of(settings) as ledger, ledger.writing() as book:
        person = first or _owner_at(settings, book, address)
        owner = person_ref(book, person)
        code = issue(
            book,
            purpose="login",
            hub="",
            review="",
            owner=owner,
            meaning=None,
            expires_at=book.now + timedelta(minutes=MINUTES),
        )
    mail = LoginCode(person.address, person.name, settings.workspace.name, code, MINUTES)
    send(mail_server(settings), letter(mail))
    return owner


def _owner_at(settings: Settings, book: Book, address: str) -> Known:
    """Return the one Owner who can act and to whom an address leads. Raises LoginRefused."""
    found = people_by_address(settings, [address]).get(address.strip().lower(), [])
    owner = book.find("person", found[0].person_id) if len(found) == 1 else None
    owners = {who for hub in settings.hubs for who in owners_of(book.entries(), hub.label, book.now)}
    if owner not in owners or not is_fit(found[0]):
        raise LoginRefused(f"{NOT_AN_OWNER}: `hubroster reviews` names the Owners")
    return found[0]


def log_in(settings: Settings, owner: str, code: str) -> None:
    """Open a session of 15 minutes for whoever typed the code; its token is kept in the home, 0600."""
    with ledger_of(settings) as ledger, ledger.writing() as book:
        found = redeem(book, code, purposes={"login"}, owner=owner)
        if isinstance(found, RefusedCode):
            reason = found.reason
            token = ""
        else:
            reason, token = "", open_session(book, owner=owner, purpose="login", review="", minutes=MINUTES)
    if not token:
        with ledger_of(settings) as ledger:
            write_refused(settings, ledger, via="login code", reason=reason)
        raise LoginRefused(reason)
    path = _path(settings)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)


def logged_in(settings: Settings) -> str | None:
    """Return the reference of the Owner who is logged in here, or None."""
    try:
        token = _path(settings).read_text().strip()
    except FileNotFoundError:
        return None
    with ledger_of(settings) as ledger, ledger.reading() as book:
        session = session_of(book, token)
    return session.owner if session and session.purpose == "login" else None


def _path(settings: Settings) -> Path:
    return settings.home / "login.token"
