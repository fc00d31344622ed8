"""What follows an answer outside the ledger: receipts by mail, and when it will be carried out."""

import os
from datetime import datetime

from flows.notify import notify
from flows.settings import Settings


def after_answer(settings: Settings, label: str, approved: bool, not_before: datetime) -> bool:
    """Send the receipts; have what was approved carried out in time; say whether it will be.

    What can't be done now is made up for by the hourly reconcile.
    """
    notify(settings, label)
    if not approved or not os.environ.get("PREFECT_API_URL"):
        return False
    from flows.doorbells import apply_soon  # Prefect takes a second or two to import

    return apply_soon(label, not_before)
