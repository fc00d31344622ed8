"""The whole ledger into another store, an empty one: from SQLite to Postgres, as a workspace grows."""

from sqlalchemy import insert, select

from tasks.errors import LedgerError
from tasks.ledger.book import Ledger
from tasks.ledger.tables import codes, entries, leases, ledger_secrets, names, sessions, tries
from tasks.ledger.verify import Verdict, verify

TABLES = (entries, names, ledger_secrets, codes, tries, sessions, leases)
AT_ONCE = 500  # rows


def move_ledger(source: Ledger, target: Ledger) -> Verdict:
    """Copy every row, all or nothing, while nobody can write the source; return the verdict on the copy.

    Raises LedgerError for a target that isn't empty, or a source whose chain is broken; nothing is written
    then. The source stays as it is.
    """
    with source.writing() as old, target.writing() as new:
        if any(new.rows(select(table).limit(1)) for table in TABLES):
            raise LedgerError(f"{target.name} is not empty: name an empty database; nothing was moved")
        for table in TABLES:
            rows = [dict(row._mapping) for row in old.rows(select(table))]
            for start in range(0, len(rows), AT_ONCE):
                new.change(insert(table).values(rows[start : start + AT_ONCE]))
        head = old.head()
    verdict = verify(target, [(head.seq, head.hash)] if head.seq else None)
    if not verdict.ok:
        raise LedgerError(f"what came to {target.name} is not whole: {verdict.reason}; keep {source.name}")
    return verdict
