"""`hubroster disconnect`: forget how to reach a hub; its history stays."""

from dataclasses import asdict

from deployments.cli.hubs import tell_up
from deployments.cli.output import agreed, print_json, stderr, stdout
from flows.hubs.disconnecting import Disconnected
from flows.hubs.disconnecting import disconnect as disconnect_hub
from flows.hubs.erasing import Erased
from flows.settings import load_settings
from tasks.errors import InputError

STAYS = (
    "What stays: the hub's history in the warehouse, the ledger with its Owners and what they decided, "
    "reports, snapshots, and raw answers until they are old."
)
ASKED = (
    "Erase all that was read of {label}: history, reports, raw answers, and every snapshot that has it? "
    "Only a backup brings it back. [y/N] "
)
ERASED_STAYS = (
    "What stays: the ledger, which is only ever added to, with its Owners, what was asked, decided and done, "
    "and beside it the names and addresses of those about whom it was; reports of other hubs; logs, which "
    "name nobody; and every backup and every copy of a snapshot that you made."
)


def disconnect(label: str, *, reason: str, erase: bool = False, yes: bool = False, json: bool = False) -> int:
    """Disconnect a hub: nobody is removed at Meta, and what is open here ends.

    Parameters
    ----------
    label
        The hub's label in the configuration.
    reason
        Why; Owners and auditors read it.
    erase
        Also erase what was read of the hub: its history, reports, raw answers and snapshots. The ledger
        stays. A hub that was disconnected before can be erased later; said again, it does what is left.
    yes
        Don't ask before erasing.
    json
        Print one object on one line.
    """
    settings = load_settings(needs_hub=False)
    if erase and not yes and not agreed(ASKED.format(label=label)):
        raise InputError("nothing was done")
    done = disconnect_hub(settings, label, reason, erase=erase)
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
                "read": asdict(done.read) if done.read else None,
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
    if done.read:
        lines.append(_read(done.read))
    lines += [
        ERASED_STAYS if done.read else STAYS,
        "What you should do: delete the hub's tokens in Meta's settings, and what else names them here.",
    ]
    for line in lines:
        stdout.print(line, markup=False, soft_wrap=True)


def _read(erased: Erased) -> str:
    new = f"; {erased.snapshot} is the new one" if erased.snapshot else ""
    return (
        f"Erased of what was read: {erased.rows:,} rows of the warehouse, {erased.reports:,} reports, its "
        f"raw answers, and all {len(erased.snapshots)} files of snapshots, which had other hubs in them "
        f"too{new}."
    )
