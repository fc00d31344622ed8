"""Codes that an Owner finds in his mails in the approval drill, and what each of them says."""

import re

from tests.reliability.approval_scene import ALL, CODED, KEEP_ALL, REMOVE, STAY, Approving
from tests.reliability.approval_seen import Moment, Typed
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import person_id

SAID = {REMOVE: "remove", STAY: "keep", "Let them stay, as an exception": "exempt"}
SAID |= {"Do it": "do", "Don't do it": "dont"}


def code_of(hub: Approving, name: str, step: Step, moment: Moment) -> list[str]:
    """Return the code of the mails to an Owner that the step means, if there is one; note what it says."""
    mails = [m for m in hub.mails(name) if CODED.search(m["text"])]
    if not mails:
        return []
    mail = mails[step.what % len(mails)] if step.how == "old" else mails[-1]
    items, _, rest = mail["text"].partition("OR ANSWER BY CODES")
    if step.how in ("all", "keep", "two"):
        wanted = KEEP_ALL if step.how == "keep" else ALL
        found = [(code, None, wanted) for words, code in CODED.findall(rest) if words == wanted]
    else:
        parts = re.split(r"^\d+\. ", items, flags=re.M)[1:]
        found = [(code, part, words) for part in parts for words, code in CODED.findall(part)]
    if not found:
        return []
    code, part, words = found[step.what % len(found)]
    if words in (ALL, KEEP_ALL):
        answers = frozenset({"remove"} if words == ALL else {"keep", "dont"})
    else:
        answers = frozenset({SAID.get(words, "match")})
    about = None if part is None else frozenset([" ".join(part.split())])
    moment.typed.append(Typed(person_id(name), about, answers))
    return [code]
