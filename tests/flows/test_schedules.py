"""The daily check and the hourly reconcile are scheduled at a real server of Prefect's."""

import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId

from deployments.serving import deployments
from tests.flows.owned_hub import OwnedHub


@pytest.mark.usefixtures("prefect_api")
def test_prefect_schedules_the_daily_check_and_the_hourly_reconcile(owned: OwnedHub) -> None:
    """With SQLAlchemy 2.1 Prefect 3.8's scheduler fails in its log, and no check would ever run by itself."""
    planned = {}
    for one in deployments(owned.settings):
        if one.schedules:
            id = one.apply()
            with get_client(sync_client=True) as client:
                client.request("POST", "/deployments/{id}/schedule", path_params={"id": str(id)})
                found = client.read_flow_runs(
                    deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[id]))
                )
            planned[one.name] = {run.state.name for run in found if run.state}

    assert planned == {"daily-agency": {"Scheduled"}, "hourly": {"Scheduled"}}
