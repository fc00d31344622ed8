"""The Prefect tasks around the extraction: a few, whatever the number of members.

Await them in the flow's own event loop (`asyncio.gather`), never `.submit()`: a task runner's threads have
loops of their own, and the client belongs to one. It is never hashed, stored or shown.
"""

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.meta.activities import read_activities
from tasks.meta.extract import read_business, read_grants, read_listings, read_members

fetch_business = task(
    name="fetch-business", task_run_name="fetch-business", cache_policy=NO_CACHE, persist_result=False
)(read_business)

# All edges in the same batches, which one task for each could not fill.
fetch_listings = task(
    name="fetch-listings", task_run_name="fetch-listings", cache_policy=NO_CACHE, persist_result=False
)(read_listings)

fetch_members = task(
    name="fetch-members", task_run_name="fetch-{edge}", cache_policy=NO_CACHE, persist_result=False
)(read_members)

fetch_grants = task(
    name="fetch-grants", task_run_name="fetch-grants", cache_policy=NO_CACHE, persist_result=False
)(read_grants)

fetch_activities = task(
    name="fetch-activities", task_run_name="fetch-activities", cache_policy=NO_CACHE, persist_result=False
)(read_activities)
