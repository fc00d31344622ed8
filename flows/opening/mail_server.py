"""The mail server of the settings, with its password resolved."""

from flows.secret_refs import resolve
from flows.settings import Settings
from tasks.mail.send import MailServer


def mail_server(settings: Settings) -> MailServer:
    """Return the server that takes our mail. Raises SettingsError when the password's reference is empty."""
    mail = settings.mail
    base = settings.config_path.parent
    password = resolve(mail.password, base).get_secret_value() if mail.password else ""
    return MailServer(mail.host, mail.port, mail.sender, mail.user, password, mail.tls)
