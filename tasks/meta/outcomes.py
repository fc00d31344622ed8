"""What a change came to: what Meta said to it, against what the re-reading shows (design §9)."""

from tasks.meta.change import Called, Proof

_LOOK_AGAIN = "it is read again with the next run, and never repeated"


def outcome(called: Called, proof: Proof, *, was_there: bool) -> tuple[str, str]:
    """Return done, already_done, refused, unknown or stale, and a sentence with what to do next.

    `was_there`: the reading before the call showed that the change was still to be made.
    """
    if proof.state == "accepted_meanwhile":
        return "stale", (
            f"{_capital(proof.reason)}, member {proof.member_id}: nothing more was done; check this hub now"
        )
    if proof.state == "proven":
        return _proven(called, was_there=was_there)
    if called.state == "refused" and not _gone_or_no_access(called, proof):
        return "refused", called.reason
    if proof.state == "unknown":
        return "unknown", f"{called.reason}; it could not be proven: {proof.reason}; {_LOOK_AGAIN}"
    return "unknown", f"{called.reason}; {proof.reason}; {_LOOK_AGAIN}"


def _proven(called: Called, *, was_there: bool) -> tuple[str, str]:
    if not was_there or called.state == "refused":
        return "already_done", "It was so already when hubroster came to it, and a re-reading proves it"
    if called.state == "lost":
        return "done", "Meta's answer was lost, and a complete re-reading proves that it is done"
    return "done", "A complete re-reading proves it"


def _gone_or_no_access(called: Called, proof: Proof) -> bool:
    """100/33 says which of the two only together with a listing (§4)."""
    return (called.code, called.subcode) == (100, 33) and proof.state == "unknown"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
