"""What the warehouse has under a label from earlier: a label's history is that of one business."""

from flows.opening.warehouse import reading_warehouse
from flows.settings import Settings
from tasks.errors import HubrosterError
from tasks.warehouse import queries


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
