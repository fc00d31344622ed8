"""The sandbox's mail server, with real mail by a real client."""

import smtplib
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from deployments.sandbox.mailbox import Mailbox

THEN = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(clock=lambda: THEN)
    yield box
    box.stop()


def letter(subject: str = "Überprüfung: 3 proposals") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "hubroster <hubroster@northwind.example>"
    mail["To"] = "Ana Ruiz <ana@northwind.example>, henrik.dahl@northwind.example"
    mail["Subject"] = subject
    mail["X-Hubroster-Head"] = "abc"
    mail.set_content("Viktor left 47 days ago.\nCode: K7Q2-9FJD\n")
    mail.add_alternative("<p>Viktor left <b>47 days</b> ago.</p>", subtype="html")
    return mail


def test_a_mail_is_kept_with_both_bodies_its_headers_and_the_time_of_the_world(mailbox: Mailbox) -> None:
    host, port = mailbox.start()
    with smtplib.SMTP(host, port, timeout=10) as client:
        client.send_message(letter())

    (kept,) = mailbox.messages()

    assert kept["at"] == "2026-11-24T10:00:00+00:00"
    assert kept["from"] == "hubroster@northwind.example"
    assert kept["to"] == ["ana@northwind.example", "henrik.dahl@northwind.example"]
    assert kept["subject"] == "Überprüfung: 3 proposals"
    assert kept["text"].splitlines() == ["Viktor left 47 days ago.", "Code: K7Q2-9FJD"]
    assert "<b>47 days</b>" in kept["html"]
    assert kept["headers"]["X-Hubroster-Head"] == "abc"


def test_the_newest_mail_is_the_last(mailbox: Mailbox) -> None:
    host, port = mailbox.start()
    for subject in ("first", "second"):
        with smtplib.SMTP(host, port, timeout=10) as client:
            client.send_message(letter(subject))

    assert [mail["subject"] for mail in mailbox.messages()] == ["first", "second"]


def test_mails_outlive_the_server_and_it_can_start_again(mailbox: Mailbox) -> None:
    host, port = mailbox.start()
    with smtplib.SMTP(host, port, timeout=10) as client:
        client.send_message(letter("before"))
    mailbox.stop()
    mailbox.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port), timeout=1)
    mailbox.start()

    assert [mail["subject"] for mail in mailbox.messages()] == ["before"]


def test_it_stops_though_a_client_keeps_its_connection(mailbox: Mailbox) -> None:
    host, port = mailbox.start()
    with socket.create_connection((host, port), timeout=5):
        mailbox.stop()


def test_a_port_that_is_taken_is_an_error_and_nothing_is_left_running(mailbox: Mailbox) -> None:
    host, port = mailbox.start()
    second = Mailbox()

    with pytest.raises(OSError, match="in use"):
        second.start(host, port)
    second.stop()
