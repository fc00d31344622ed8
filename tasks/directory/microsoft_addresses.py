"""Which addresses an account at Microsoft has: principal name, mail and proxy addresses."""

import re
from collections.abc import Sequence

from tasks.directory.export import GUEST_MARK, Written

# "SMTP:ana@x" is the primary address, "smtp:" another one; SIP, X500 and others are no mail. They stand
# behind each other with "+", "," or ";" between them, and a "+" may also be part of an address.
_BETWEEN = re.compile(r"[+,;\s]+(?=[A-Za-z][A-Za-z0-9]*:)")


def addresses_of(written: Written) -> dict[str, Sequence[str | list[str]]]:
    """Return user_name, primary_email, aliases and status of accounts.

    The primary address is that of the mail system; without one it is the principal name, except a guest's,
    which only looks like an address. Who has a time of deletion is deprovisioned.
    """
    names = written["user_name"]
    empty = [""] * len(names)
    mails, proxies, deleted = (written.get(key) or empty for key in ("mail", "proxies", "deleted"))
    found = [_addresses(*one) for one in zip(names, mails, proxies, strict=True)]
    return {
        "user_name": names,
        "primary_email": [primary for primary, _ in found],
        "aliases": [others for _, others in found],
        "status": [
            "deprovisioned" if at.strip() else status
            for at, status in zip(deleted, written["status"], strict=True)
        ],
    }


def _addresses(name: str, mail: str, proxies: str) -> tuple[str, list[str]]:
    principal = "" if GUEST_MARK in name else name.strip()
    listed = [one.partition(":") for one in _BETWEEN.split(proxies.strip()) if one]
    first = [rest for scheme, _, rest in listed if scheme == "SMTP"]
    others = [rest for scheme, _, rest in listed if scheme.lower() == "smtp"]
    every = [one.strip() for one in (mail, *first, principal, *others) if "@" in one]
    unique = list({one.lower(): one for one in every}.values())
    return (unique[0], unique[1:]) if unique else ("", [])
