"""`python -m deployments.page`: the page for Owners, until SIGTERM; `hubroster up` starts it."""

from urllib.parse import urlsplit

import uvicorn

from deployments.page.app import create_app
from flows.own_log import keep_log
from flows.page_answers import Answering
from flows.settings import load_settings


def main() -> None:
    """Serve the page on loopback, at the port of `[page] url`; a proxy with TLS belongs in front of it."""
    keep_log()
    settings = load_settings()
    port = urlsplit(settings.page.url).port or 8080
    app = create_app(Answering(settings), settings.page.url)
    # No access log: addresses of Owners and ids of reviews are nobody's business.
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, server_header=False, log_level="warning")


if __name__ == "__main__":
    main()
