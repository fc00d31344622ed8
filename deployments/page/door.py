"""How often codes may be tried at the page's door: it holds a guesser back, and locks no Owner out.

What keeps codes from being guessed is their number: 31^10. At the most that is taken here, and with twenty
Owners, somebody who tries through all 14 days of a review finds one with a chance of one in three million.
So nothing that a stranger types shuts the door for others: only the network that he types from has to wait.
"""

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_WRONG = 15  # codes from one network within the window
WINDOW_S = 3600.0
MOST_A_MINUTE = 600  # codes from everywhere
MOST_NETWORKS = 10_000  # remembered; the oldest are forgotten


@dataclass
class Door:
    """The wrong codes of each network, and the codes of the running minute; bounded memory, none on disk."""

    now: Callable[[], float] = time.monotonic
    _wrong: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)
    _minute: tuple[float, int] = (-60.0, 0)

    def knock(self, address: str) -> str:
        """Count a try before it is looked up, as many may come at once; return why it isn't, or nothing."""
        now, network = self.now(), network_of(address)
        began, wrong = self._wrong.get(network, (now, 0))
        if now - began >= WINDOW_S:
            began, wrong = now, 0
        if network and wrong >= MOST_WRONG:  # where it can't be told who asks, one would shut out all
            wait_min = int((began + WINDOW_S - now) // 60) + 1
            return (
                "too many wrong codes came from your network, so this one was not tried: try again in "
                f"{wait_min} {'minute' if wait_min == 1 else 'minutes'}, or from another network, "
                "such as a phone's"
            )
        since, tried = self._minute if now - self._minute[0] < 60 else (now, 0)
        if tried >= MOST_A_MINUTE:
            return (
                "too many codes are being typed at the moment, so this one was not tried: again in a minute"
            )
        self._minute = (since, tried + 1)
        self._wrong[network] = (began, wrong + 1)
        self._wrong.move_to_end(network)
        while len(self._wrong) > MOST_NETWORKS:
            self._wrong.popitem(last=False)
        return ""

    def opened(self, address: str) -> None:
        """Take a try back that was right; the wrong ones of that network stay counted."""
        network = network_of(address)
        if network in self._wrong:
            began, wrong = self._wrong[network]
            self._wrong[network] = (began, max(0, wrong - 1))


def network_of(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 of an IPv6 one, which one customer has.

    Nothing for this machine: somebody here, who can say what he likes, or a proxy that doesn't say for whom.
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    if found.is_loopback:
        return ""
    return str(found if found.version == 4 else ipaddress.IPv6Network((found, 64), strict=False))
