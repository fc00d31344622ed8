"""A whole check by the plain functions, without Prefect: what Prefect adds is the difference.

Takes the label of the hub; the configuration comes from HUBROSTER_CONFIG.
"""

import asyncio
import sys

from flows.checking.job import CheckJob, begin
from flows.checking.steps import Traffic, conclude, draw_report, load_facts, match_members, read_directory
from flows.settings import load_settings
from tasks.meta.client import MetaClient
from tasks.meta.completeness import EdgeRead
from tasks.meta.extract import read_business, read_grants, read_listings, read_members


async def _extract(job: CheckJob) -> tuple[list[EdgeRead], Traffic]:
    extraction = job.extraction()
    async with MetaClient(job.access(), say=print) as client:
        await read_business(client, extraction)
        listings, users, systems = await asyncio.gather(
            read_listings(client, extraction),
            read_members(client, extraction, "business_users"),
            read_members(client, extraction, "system_users"),
        )
        grants = await read_grants(client, extraction, (users, systems))
        return [users.listing, systems.listing, *listings, *grants], Traffic(client.requests, client.calls)


def main() -> None:
    """Run one check of the hub that the first argument names."""
    job = begin(load_settings(), sys.argv[1])
    directory = [read_directory(job, source) for source in job.settings.directory]
    edges, traffic = asyncio.run(_extract(job))
    loaded = load_facts(job, edges, directory, traffic)
    standing = match_members(job)
    conclude(job, draw_report(job, edges, directory, loaded, standing), standing)


if __name__ == "__main__":
    main()
