"""The Prefect flows that run by themselves: apply what is due, and reconcile every hub with the ledger."""

import asyncio
import logging
from dataclasses import asdict
from typing import Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.runtime import flow_run

from flows.apply import apply_approved
from flows.mails.notify import notify
from flows.reconcile import reconcile
from flows.review.doorbells import ring
from flows.server.bug_place import place_of
from flows.server.own_log import keep_log
from flows.settings import load_settings
from flows.watch.lost_runs import tell_lost
from flows.watch.reconciled import note_reconciled
from tasks.errors import HubrosterError

log = logging.getLogger("hubroster.runs")


def _run_name() -> str:
    return f"Apply {flow_run.parameters['label']}"


@flow(name="apply-approved", flow_run_name=_run_name, persist_result=False, retries=0)
async def apply_changes(label: str) -> dict[str, Any]:
    """Carry out what the Owners of one hub approved, and mail what came of it."""
    keep_log()
    settings = load_settings()
    settled = await apply_approved(settings, label)
    await asyncio.to_thread(notify, settings, label)
    log.info("Applied what was due of %s: %d changes settled", label, len(settled))
    return {"hub": label, "settled": [asdict(one) for one in settled]}


@flow(name="reconcile", persist_result=False, retries=0)
async def reconcile_hubs() -> dict[str, Any]:
    """Settle, expire, mail and ring for every hub, one after the other; one broken hub harms no other.

    Fails at the end, when every hub had its turn, if something could not be done: Prefect shows it then.
    """
    keep_log()
    settings = load_settings()
    failed: list[str] = []
    open_reviews: list[str] = []
    for hub in settings.hubs:
        try:
            done = await reconcile(settings, hub.label)
        except Exception as error:  # noqa: BLE001, our bug, or a broken disk: told when the others had their turn
            failed.append(f"{hub.label}: {place_of(error)}")
            continue
        failed += done.failed
        if done.review:
            open_reviews.append(done.review)
    async with get_client() as client:
        await tell_lost(settings, client)
    await ring(open_reviews, all_known=not failed)
    note_reconciled(settings.home, len(failed))
    log.info(
        "Reconciled: %d hubs, %d open reviews, %d failed", len(settings.hubs), len(open_reviews), len(failed)
    )
    if failed:
        raise HubrosterError("; ".join(failed))
    return {"open": open_reviews}
