"""`hubroster mail`: show that mail arrives."""

from deployments.cli.output import print_json, stderr
from flows.opening.mail_server import mail_server
from flows.settings import load_settings
from tasks.mail.letters import TestMail
from tasks.mail.message import letter
from tasks.mail.send import send


def mail(*, test: str, json: bool = False) -> None:
    """Send a test mail, and say whether the mail server took it.

    Parameters
    ----------
    test
        The address that gets it.
    json
        Print one object on one line.
    """
    settings = load_settings()
    server = mail_server(settings)
    send(server, letter(TestMail(test, settings.workspace.name), at=settings.now()))
    place = f"{server.host}:{server.port}"
    if json:
        print_json({"taken_by": place})
    else:
        stderr.print(f"{place} took the mail: look whether it arrived.", markup=False)
