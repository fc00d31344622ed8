"""Notify: send the Owners of a hub the mails that are due, and write in the ledger what was sent."""

import logging

from flows.mails.letters import Writer
from flows.opening.ledger import known_refs, ledger_of
from flows.opening.mail_server import mail_server
from flows.review.answering import standing_of
from flows.review.brought_back import begin_anew
from flows.review.closing import PROGRAM, cancel_lost
from flows.settings import Settings
from matching.review.letters_due import SENT, TITLES, Due, letters_due
from matching.review.owners import gets_mail, owners_of
from matching.review.standing import open_review
from matching.review.told import NOT_TAKEN
from tasks.boundaries import reached
from tasks.errors import HubrosterError, MailError
from tasks.ledger.book import Ledger
from tasks.ledger.codes import void_these
from tasks.mail.message import letter
from tasks.mail.send import send

progress = logging.getLogger("hubroster.progress")


def notify(settings: Settings, label: str) -> tuple[int, list[str]]:
    """Send what is due; return how many mails went out, and a line for each that did not.

    What could not be sent stays due. A crash between sending and writing it down sends a mail twice, never
    none.
    """
    sent, failed = 0, list[str]()
    with ledger_of(settings) as ledger:
        begin_anew(settings, ledger)
        failed += cancel_lost(settings, ledger, label)
        for due in _due(settings, ledger, label):
            try:
                _send_one(settings, ledger, label, due)
                sent += 1
            except HubrosterError as error:
                failed.append(f"{due.kind} mail of {label}: {error}")
                if isinstance(error, MailError) and not error.passing:
                    _write_refused(ledger, label, due)
    for line in failed:
        progress.info("%s", line)
    return sent, failed


def _due(settings: Settings, ledger: Ledger, label: str) -> list[Due]:
    with ledger.reading() as book:
        rows = book.entries(hub=label)
        owners = owners_of(rows, label, settings.now())
        current = open_review(rows, label)
        standing = None
        if current and settings.now() < current.expires_at:
            standing = standing_of(settings, book, label, current.id)
        known = standing.known if standing else known_refs(settings, book, owners)
        active = [who for who in owners if who in known and gets_mail(known[who])]
        found = standing.verdicts if standing else {}
        return letters_due(rows, label, active, found, settings.now())


def _send_one(settings: Settings, ledger: Ledger, label: str, due: Due) -> None:
    with ledger.writing() as book:
        writer = Writer(settings, book, label, due)
        mail = writer.mail()
    if mail is not None:
        send(mail_server(settings), letter(mail))
        reached("mail.sent")
    with ledger.writing() as book:
        head = book.head()
        void_these(book, writer.replaces)  # not before: who has no newer mail keeps the codes that he has
        book.append(
            SENT,
            hub=label,
            actor=PROGRAM,
            identified_by="notify",
            payload={
                "key": due.key,
                "kind": due.kind,
                "person": due.person,
                "review": due.review,
                "about": list(due.about),
                "head": f"{head.seq} {head.hash}",
            },
        )
    progress.info("Mail sent to an Owner: %s", TITLES[due.kind])


def _write_refused(ledger: Ledger, label: str, due: Due) -> None:
    """Write, once, that a mail will not be taken however often it is tried: nothing waits for it any more."""
    with ledger.writing() as book:
        known = {row.payload["key"] for row in book.entries(hub=label, kinds={NOT_TAKEN})}
        if due.key not in known:
            payload = {"key": due.key, "kind": due.kind, "person": due.person}
            book.append(NOT_TAKEN, hub=label, actor=PROGRAM, identified_by="notify", payload=payload)
