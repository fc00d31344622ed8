"""`hubroster disconnect`: forget how to reach a hub; its history stays."""

from deployments.cli.hubs import tell_up
from deployments.cli.output import print_json, stderr, stdout
from flows.disconnecting import Disconnected
from flows.disconnecting import disconnect as disconnect_hub
from flows.settings import load_settings

STAYS = (
    "What stays: the hub's history in the warehouse, the ledger with its Owners and what they decided, "
    "reports, snapshots, and raw answers until they are old."
)


def disconnect(label: str, *, reason: str, json: bool = False) -> int:
    """Disconnect a hub: nobody is removed at Meta, and what is open here ends.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    reason
        Why; Owners and auditors read it.
    json
        Print one object on one line.
    """
    done = disconnect_hub(load_settings(needs_hub=False), label, reason)
    for line in done.unsent:
        stderr.print(line, markup=False, soft_wrap=True)
    if json:
        print_json(
            {
                "hub": label,
                "erased": [str(file) for file in done.erased],
                "reviews": done.ended.reviews,
                "approved": done.ended.approved,
                "asked": done.ended.asked,
                "unsent": done.unsent,
            }
        )
    else:
        _tell(done)
    tell_up()
    return int(bool(done.unsent))


def _tell(done: Disconnected) -> None:
    ended = done.ended
    lines = [f"{done.label} is disconnected; nobody was removed at Meta."]
    if ended.reviews:
        lines.append(f"Ended: review {ended.reviews[0]}.")
    if ended.approved or ended.asked:
        lines.append(
            f"Will not be done: {len(ended.approved)} that were approved, {len(ended.asked)} asked for."
        )
    if done.erased:
        lines.append(f"Erased: {', '.join(map(str, done.erased))}.")
    lines += [
        STAYS,
        "What you should do: delete the hub's tokens in Meta's settings, and what else names them here.",
    ]
    for line in lines:
        stdout.print(line, markup=False, soft_wrap=True)
