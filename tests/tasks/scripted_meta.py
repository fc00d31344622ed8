"""A Meta that answers from a script: real client code over httpx's MockTransport."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

import httpx

from tasks.meta.access import MetaAccess
from tasks.meta.client import MetaClient

TOKEN = "EAAB-secret-token-of-the-hub"
SECRET = "app-secret-of-the-hub"
BUSINESS = "500"

T = TypeVar("T")
Handler = Callable[[httpx.Request], httpx.Response]


def access(**changes: Any) -> MetaAccess:
    """Return access to a sandbox on this machine."""
    facts: dict[str, Any] = {
        "graph_url": "http://127.0.0.1:9",
        "api_version": "v26.0",
        "token": TOKEN,
        "app_secret": None,
        "sandbox": True,
    }
    return MetaAccess(**{**facts, **changes})


class Script:
    """Answers with each of these in turn, the last one for ever; keeps the requests."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.said: list[str] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer(request) if callable(answer) else answer

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)

    def run(self, use: Callable[[MetaClient], Awaitable[T]], **changes: Any) -> T:
        """Run `use` with a client that talks to this script; no time passes while it sleeps."""

        async def session() -> T:
            client = MetaClient(
                access(**changes), say=self.said.append, transport=httpx.MockTransport(self), sleep=self.sleep
            )
            async with client:
                return await use(client)

        return asyncio.run(session())


class ItemScript(Script):
    """Answers the items of batches, each in turn; `asked` has the items' parameters."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        super().__init__(*answers)
        self.asked: list[dict[str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return super().__call__(request)
        items = []
        for url in batch_of(request):
            self.asked.append(query(url))
            answer = super().__call__(request)
            items.append({"code": answer.status_code, "headers": [], "body": answer.text})
        return httpx.Response(200, json=items)


def ok(body: object, **headers: str) -> httpx.Response:
    """Return an answer with this JSON."""
    return httpx.Response(200, json=body, headers=headers)


def refused(
    code: int, message: str = "No.", *, status: int = 400, headers: Any = None, **more: Any
) -> httpx.Response:
    """Return one of Meta's refusals."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "Atrace", **more}
    return httpx.Response(status, json={"error": error}, headers=headers)


def page(*rows: object, after: str | None = None, total: int | None = None) -> dict[str, object]:
    """Return a page as Meta shapes it; with `after` there is a next one."""
    listed = [row if isinstance(row, dict) else {"id": str(row), "name": f"Name {row}"} for row in rows]
    found: dict[str, object] = {"data": listed}
    if after is not None:
        next_url = f"https://elsewhere.test/next?access_token={TOKEN}"
        found["paging"] = {"cursors": {"before": "b", "after": after}, "next": next_url}
    if total is not None:
        found["summary"] = {"total_count": total}
    return found


def batch_of(request: httpx.Request) -> list[str]:
    """Return the relative URLs of a batch request."""
    form = parse_qs(request.content.decode())
    return [item["relative_url"] for item in json.loads(form["batch"][0])]


def batch_answer(*bodies: object) -> httpx.Response:
    """Return the answer to a batch: a body per item, None for one that timed out."""
    items = [
        None if body is None else {"code": 200, "headers": [], "body": json.dumps(body)} for body in bodies
    ]
    return httpx.Response(200, json=items)


def query(url: str) -> dict[str, str]:
    """Return the parameters of a URL."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
