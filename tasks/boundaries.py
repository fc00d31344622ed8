"""The moments between two writes of a check: where a kill, or a full disk, would leave something half done.

Every place that makes bytes durable calls `reached` with one of these names. It does nothing, unless a test
has hung something on `on_boundary`: the reliability tests kill the process at each name in turn, and a name
that no check passes any more fails them. A new write needs a name here.
"""

from collections.abc import Callable

BOUNDARIES: tuple[str, ...] = (
    "raw.rows_written",  # an edge's rows, not yet under their name
    "raw.rows_named",
    "raw.whole_written",  # a small file of the check folder
    "raw.whole_named",
    "raw.parts_appended",  # what came by expansion, behind what came by itself; not yet under its name
    "raw.parts_named",
    "raw.pruned",
    "warehouse.migrating",  # within the transaction of one migration
    "warehouse.migrated",
    "warehouse.made",  # a new one, not yet under its name
    "warehouse.named",
    "warehouse.staged",
    "warehouse.check_recorded",  # within the transaction of the merge, as the next two
    "warehouse.hub_merged",
    "warehouse.people_merged",
    "warehouse.merged",  # committed
    "report.written",  # not yet under its name
    "report.named",
    "warehouse.concluding",  # within the transaction that stores who is who
    "warehouse.concluded",  # committed
    "key.written",  # of the masked snapshots' pseudonyms, not yet under its name
    "key.named",
    "snapshot.full_built",
    "snapshot.masked_built",
    "snapshot.full_named",
    "snapshot.masked_named",
    "snapshot.pointer_written",
    "snapshot.pointer_named",
    "snapshot.pruned",
)

# The same of the ledger, which a check need not pass
LEDGER_BOUNDARIES: tuple[str, ...] = (
    "ledger.migrating",  # within the transaction of one migration
    "ledger.migrated",
    "ledger.made",  # a new one, not yet under its name
    "ledger.named",
    "ledger.writing",  # within a transaction, all of it written
    "ledger.written",  # committed
)

# The same of what follows a yes: between two rows of the ledger something is done that can't be taken back
APPLY_BOUNDARIES: tuple[str, ...] = (
    "apply.intended",  # it stands in the ledger that Meta will be asked
    "apply.called_one",  # Meta has answered one call
    "apply.called",  # ... and all of them
    "apply.proved",  # it was read again; no result is written yet
    "mail.sent",  # the mail server took a mail, and the ledger doesn't know it
)

on_boundary: Callable[[str], None] | None = None


def reached(name: str) -> None:
    """Say that a check is at this boundary."""
    if on_boundary is not None:
        on_boundary(name)
