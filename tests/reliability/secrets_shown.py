"""One hub's secrets, and all that somebody could get to see of an error."""

import traceback

from tests.tasks.scripted_meta import access

TOKEN = "EAA" + "NobodysToken" * 4  # shaped like one of Meta's; put together, so that nobody takes it for one
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
OPENED = access(token=TOKEN, app_secret=SECRET)
PROOF = OPENED.proof()["appsecret_proof"]
URL = f"https://graph.test/v26.0/1?access_token={TOKEN}&appsecret_proof={PROOF}"


def everything_about(error: BaseException) -> str:
    """Return all that somebody could get to see of an error and of those behind it."""
    told, chain = "".join(traceback.format_exception(error)), [error]
    for one in chain:
        chain += [e for e in (one.__cause__, one.__context__) if e is not None and e not in chain]
        told += "".join(map(repr, [one, str(one), one.args, vars(one), getattr(one, "__notes__", [])]))
        for name in ("request", "object", "doc", "stdout", "stderr", "cmd", "output"):
            told += repr(getattr(one, name, None))
    return told


def assert_silent(text: str, *secrets: str) -> None:
    assert [secret for secret in (*secrets, TOKEN, SECRET, PROOF) if secret[:16] in text] == []
