"""The official SDK, unmodified, pointed at a sandbox."""

from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from deployments.sandbox.server import Sandbox
from tests.deployments.small_world import READER


def sdk(box: Sandbox, token: str = READER) -> FacebookAdsApi:
    """The SDK as §9 points it at another address: app secret given, so that every call carries a proof."""
    session = FacebookSession(box.world.app_id, box.world.app_secret, token, timeout=10)
    session.GRAPH = box.graph_url
    session.requests.trust_env = False
    return FacebookAdsApi(session, api_version="v26.0")
