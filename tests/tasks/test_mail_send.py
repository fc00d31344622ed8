"""A mail is handed to a real mail server, or one line says why not; never a person's address in it."""

import pickle
import time
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from tasks.errors import MailError
from tasks.mail.letters import LoginCode, TestMail
from tasks.mail.message import letter
from tasks.mail.send import MailServer, answers, send
from tests.tasks.smtp_server import HOST, Taken, mail_server, own_certificate, speaking_server

pytestmark = [
    # aiosmtpd itself sets what it deprecates when somebody logs in, and warns of logins in clear
    pytest.mark.filterwarnings("ignore:Session.login_data:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
]
ANA = "ana@northwind.example"
CODE = "QWERTZUIOP"
AT = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def server(port: int, **more: object) -> MailServer:
    return MailServer(HOST, port, "hubroster@northwind.example", **more)  # type: ignore[arg-type]  # test's


def mail() -> EmailMessage:
    return letter(LoginCode(ANA, "Ana Silva", "Northwind", CODE, 15), at=AT)


def refused(to: MailServer, *, timeout_s: float = 10) -> MailError:
    with pytest.raises(MailError) as caught:
        send(to, mail(), timeout_s=timeout_s)
    told = str(caught.value)
    assert ANA not in told
    assert CODE not in told
    assert "\n" not in told
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert str(pickle.loads(pickle.dumps(caught.value))) == told  # noqa: S301, our own
    return caught.value


def test_a_mail_arrives_whole_with_the_headers_that_programs_go_by() -> None:
    with mail_server() as taken:
        send(server(taken.port), mail())

    (got,) = taken.mails
    assert got["To"] == f"Ana Silva <{ANA}>"
    assert got["From"] == "hubroster@northwind.example"
    assert taken.senders == ["hubroster@northwind.example"]
    assert got["Date"].datetime == AT
    assert got["Message-ID"].endswith("@northwind.example>")
    assert got["Auto-Submitted"] == "auto-generated"
    assert CODE in got.get_body(("plain",)).get_content()
    assert CODE in got.get_body(("html",)).get_content()


def test_two_mails_never_share_an_id() -> None:
    with mail_server() as taken:
        send(server(taken.port), mail())
        send(server(taken.port), mail())

    assert taken.mails[0]["Message-ID"] != taken.mails[1]["Message-ID"]


def test_a_sender_with_a_name_is_written_as_such() -> None:
    with mail_server() as taken:
        send(MailServer(HOST, taken.port, "Roster of Northwind <roster@northwind.example>"), mail())

    assert taken.senders == ["roster@northwind.example"]
    assert taken.mails[0]["From"] == "Roster of Northwind <roster@northwind.example>"


@pytest.mark.parametrize(
    ("answer", "passing"),
    [(f"550 5.1.1 <{ANA}> unknown", False), (f"450 4.2.1 mailbox of {ANA} is full", True)],
)
def test_a_refused_recipient_is_told_by_code_alone(answer: str, passing: bool) -> None:
    """Passing: the server means that it may go well later."""
    with mail_server() as taken:
        taken.refuse = answer
        error = refused(server(taken.port))

    assert f"refused the recipient ({answer[:3]})" in str(error)
    assert error.passing is passing
    assert taken.mails == []


class TestTls:
    """With `tls` nothing goes out unencrypted, nor to a server that isn't the one we mean."""

    def test_starttls(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        context, trusted = own_certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with mail_server(tls=context, login=("hub", "s3cret")) as taken:
            send(server(taken.port, tls=True, user="hub", password="s3cret"), mail())

        assert taken.over_tls == [True]

    def test_tls_from_the_first_byte_on_its_own_port(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context, trusted = own_certificate(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with mail_server(tls=context, from_start=True) as taken:
            monkeypatch.setattr("tasks.mail.send._SMTPS", taken.port)
            send(server(taken.port, tls=True), mail())

        assert len(taken.mails) == 1

    def test_an_unknown_certificate_is_refused(self, tmp_path: Path) -> None:
        context, _ = own_certificate(tmp_path)
        with mail_server(tls=context) as taken:
            error = refused(server(taken.port, tls=True))

        assert "no TLS that we trust" in str(error)
        assert taken.mails == []

    def test_a_certificate_of_another_host_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        context, trusted = own_certificate(tmp_path, host="192.0.2.1")
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        with mail_server(tls=context) as taken:
            refused(server(taken.port, tls=True))

        assert taken.mails == []

    def test_a_server_without_tls_gets_nothing(self) -> None:
        with mail_server() as taken:
            error = refused(server(taken.port, tls=True))

        assert "can't do what we need" in str(error)
        assert taken.mails == []


class TestLogin:
    """User and password are used when given, and never shown."""

    def test_a_wrong_password_is_told_without_it(self) -> None:
        with mail_server(login=("hub", "right")) as taken:
            error = refused(server(taken.port, user="hub", password="wr0ng-one"))

        assert "refused our user or password (535)" in str(error)
        assert "wr0ng-one" not in str(error)
        assert not error.passing

    def test_a_server_that_wants_a_login_and_got_none(self) -> None:
        with mail_server(login=("hub", "right")) as taken:
            error = refused(server(taken.port))

        assert "(530)" in str(error)

    def test_a_password_never_goes_out_in_clear_to_another_machine(self) -> None:
        error = refused(MailServer("192.0.2.1", 25, "a@b.example", user="hub", password="s3cret"))

        assert "tls = true" in str(error)

    def test_a_server_is_shown_without_its_password(self) -> None:
        assert "s3cret" not in repr(server(25, user="hub", password="s3cret"))


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    with speaking_server(b"") as port:
        began = time.monotonic()
        error = refused(server(port), timeout_s=0.5)

    assert time.monotonic() - began < 5
    assert "hung up, or did not answer in time" in str(error)
    assert error.passing


def test_a_busy_server_is_worth_another_try() -> None:
    with speaking_server(b"421 4.3.2 too busy\r\n") as port:
        error = refused(server(port), timeout_s=1)

    assert "(421)" in str(error)
    assert error.passing


def test_something_that_is_no_mail_server() -> None:
    with speaking_server(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        refused(server(port), timeout_s=1)


def test_nobody_listens() -> None:
    with speaking_server(b"") as port:
        pass

    assert refused(server(port)).passing


def test_a_host_that_does_not_exist() -> None:
    assert "can't be reached" in str(refused(MailServer("mail.invalid", 25, "a@b.example")))


@pytest.mark.parametrize("sender", ["", "hubroster", "a@b.example\r\nBcc: eve@evil.example", "a b"])
def test_a_sender_that_is_no_address_is_the_operators_to_mend(sender: str) -> None:
    with mail_server() as taken, pytest.raises(MailError, match=r"\[mail\] from"):
        send(MailServer(HOST, taken.port, sender), mail())

    assert taken.mails == []


@pytest.mark.parametrize(
    "address", ["", "ana", "a@b@c.example x", "ana@x.example\r\nBcc: eve@evil.example", "@x.example", "a@"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(MailError, match="not a mail address: mend it in the directory") as caught:
        letter(LoginCode(address, "Ana Ruiz", "Northwind", "AAAAAAAAAA", 15))
    with pytest.raises(MailError, match="not a mail address: write one like"):
        letter(TestMail(address, "Northwind"))

    assert not address or address not in str(caught.value)


def test_an_address_in_another_script_goes_where_the_server_takes_it() -> None:
    taken: Taken
    with mail_server() as taken:
        send(server(taken.port), letter(TestMail("аня@пример.example", "Northwind"), at=AT))

    assert len(taken.mails) == 1


class TestLook:
    """`answers` goes as far as a mail would without sending one."""

    def test_nothing_is_sent(self) -> None:
        with mail_server(login=("hub", "right")) as taken:
            answers(server(taken.port, user="hub", password="right"))

        assert taken.mails == []

    @pytest.mark.parametrize(("more", "code"), [({"user": "hub", "password": "wrong"}, "535"), ({}, "530")])
    def test_what_would_refuse_a_mail_is_told(self, more: dict[str, str], code: str) -> None:
        with mail_server(login=("hub", "right")) as taken, pytest.raises(MailError, match=code) as refused:
            answers(server(taken.port, **more))

        assert "hubroster@northwind.example" not in str(refused.value)

    def test_a_sender_that_is_no_address_is_told(self) -> None:
        with pytest.raises(MailError, match="from` is not a mail address"):
            answers(MailServer(HOST, 9, "nobody"))
