"""What follows an answer outside the ledger: receipts by mail, and when it will be carried out."""

import logging
import os
import sys
from datetime import datetime, timedelta

from flows.mails.notify import notify
from flows.server.lasting import running_server, surroundings
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
    if not approved or not _has_server(settings):
        return False
    from flows.review.doorbells import apply_soon  # Prefect takes a second or two to import

    # the time to say stop begins with the receipts, which have gone out by now
    told = settings.now() + timedelta(minutes=settings.policy.hold_min)
    return apply_soon(label, max(not_before, told))


def _has_server(settings: Settings) -> bool:
    """Say whether a lasting Prefect server is there, and let Prefect find that of a running `up`."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    server = running_server(settings)
    if server is None or "prefect" in sys.modules:  # Prefect reads its surroundings on import
        return False
    os.environ.update(surroundings(settings, server))
    return True
