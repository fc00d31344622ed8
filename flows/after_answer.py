"""What follows an answer outside the ledger: receipts by mail, and when it will be carried out."""

import logging
import os
from datetime import datetime

from flows.notify import notify
from flows.settings import Settings
from tasks.errors import HubrosterError

progress = logging.getLogger("hubroster.progress")


def after_answer(settings: Settings, label: str, approved: bool, not_before: datetime) -> bool:
    """Send the receipts; have what was approved carried out in time; say whether it will be.

    What can't be done now is made up for by the hourly reconcile; the answer stands already, so nothing is
    raised that could be taken for its failure.
    """
    try:
        notify(settings, label)
    except HubrosterError as error:
        progress.info("The receipts wait for the next hour: %s", error)
    if not approved or not os.environ.get("PREFECT_API_URL"):
        return False
    from flows.doorbells import apply_soon  # Prefect takes a second or two to import

    return apply_soon(label, not_before)
