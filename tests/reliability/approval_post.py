"""The mail server of the approval drill: there, away, busy, or unheard when it takes a mail."""

from typing import Any

from deployments.sandbox.server import HOST, Sandbox

THERE = "back"


class Post:
    """How the stand-in's mail server behaves. What it has taken so far is kept."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self.how = THERE
        self.be(THERE)

    def be(self, how: str) -> None:
        """Be back; away: nobody listens; busy: mails are put off; unheard: taken, and not said so."""
        mailbox, port = self._box.mailbox, int(self._box.smtp_port)
        vars(mailbox).pop("handle_DATA", None)
        keep = mailbox.handle_DATA

        async def put_off(*_: Any) -> str:
            return "451 come again later"

        async def unheard(*given: Any) -> str:
            await keep(*given)
            return "451 what was that"

        if how == "away":
            mailbox.stop()
        elif mailbox._thread is None:
            mailbox.start(HOST, port)
        if how in ("busy", "unheard"):
            vars(mailbox)["handle_DATA"] = put_off if how == "busy" else unheard
        self.how = how
