"""The world of a sandbox that runs, as it stood at one moment, to be put back as often as wanted."""

from copy import deepcopy

from deployments.sandbox.server import Sandbox


class Kept:
    """Everything that tests change in a sandbox: its world, its mails, its log and its faults."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._world = deepcopy(vars(box.world))
        self._mails = list(box.mailbox.messages())

    def put_back(self) -> None:
        self._box.admin("faults", [])
        version = self._box.world.version + 1  # what was listed of another state is listed anew
        vars(self._box.world).update(deepcopy(self._world))
        self._box.world.version = version
        self._box.mailbox._mails[:] = self._mails
        self._box.log.rows.clear()
