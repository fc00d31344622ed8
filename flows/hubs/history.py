"""What warehouse and ledger have under a label from earlier: a label's history is that of one business."""

from flows.opening.ledger import ledger_of
from flows.opening.warehouse import reading_warehouse
from flows.preflight.own import ledger_url
from flows.settings import Settings
from tasks.errors import HubrosterError
from tasks.ledger.look import look_at_ledger
from tasks.warehouse import queries

DISCONNECTED = "hub_disconnected"


def earlier_business(settings: Settings, label: str) -> str | None:
    """Return the business that was checked under this label; None: none was, or it can't be read."""
    try:
        if not settings.warehouse_path.exists():
            return None
        with reading_warehouse(settings) as con:
            known = queries.hub_list(con)
    except (HubrosterError, OSError):  # preflight tells what is wrong with the warehouse
        return None
    mine = known[known["hub"] == label]["business_id"].tolist()
    return str(mine[0]) if mine else None


def disconnected_business(settings: Settings, label: str) -> str | None:
    """Return the business that was disconnected under this label: the ledger has its Owners still.

    None: none was, or the ledger can't be read.
    """
    try:
        if not look_at_ledger(ledger_url(settings), settings.home)[1]:
            return None
        with ledger_of(settings) as ledger, ledger.reading() as book:
            rows = book.entries(hub=label, kinds={DISCONNECTED})
    except (HubrosterError, OSError):  # preflight tells what is wrong with the ledger
        return None
    known = [row.payload["business"] for row in rows if row.payload["business"]]
    return str(known[-1]) if known else None
