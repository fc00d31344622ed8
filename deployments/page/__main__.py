"""`python -m deployments.page`: the page for Owners, until SIGTERM; `hubroster up` starts it."""

import uvicorn

from deployments.page.app import create_app
from deployments.page.guard import listening_port
from flows.answers.page import Answering
from flows.server.own_log import keep_log
from flows.settings import load_settings


def main() -> None:
    """Serve the page on loopback, at the port of `[page] url`; a proxy with TLS belongs in front of it."""
    keep_log()
    settings = load_settings()
    port = listening_port(settings.page.url)
    app = create_app(Answering(settings), settings.page.url)
    # No access log: addresses of Owners and ids of reviews are nobody's business.
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        access_log=False,
        server_header=False,
        log_level="error",  # what strangers send is no news
        forwarded_allow_ips="127.0.0.1",  # the proxy says who asks; nobody else's word counts
    )


if __name__ == "__main__":
    main()
