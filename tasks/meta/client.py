"""A session with the Graph API: auth, limits, retries, refusals into errors. Only changes.py writes."""

import asyncio
import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx

from tasks.errors import MetaError
from tasks.meta.access import MetaAccess, Scrubber
from tasks.meta.backoff import Gate, Sleep, retry_after_s, retry_pause_s
from tasks.meta.batch import BATCH_ITEMS, Answer, batch_form, item_outcome
from tasks.meta.clock import ClockWatch, Now, utc_now
from tasks.meta.header_watch import HeaderWatch
from tasks.meta.json_text import loads
from tasks.meta.refusals import Course, Refusal, lost, refusal

TRIES = 4  # of one request or batch item that fails in passing

T = TypeVar("T")
Usable = Callable[[Answer], bool]


def any_object(_: Answer) -> bool:
    """Take every JSON object."""
    return True


def nothing_more() -> None:
    """Let a change be sent as it is."""


class MetaClient:
    """One session; use it as an async context manager, within one event loop.

    `say` gets a line when something takes longer. `requests` counts HTTP requests, `calls` what Meta counts:
    every item of a batch (§6); `clock` compares `now` with Meta's time, `line` keeps what headers tell. The
    token goes nowhere but into the Authorization header.
    """

    def __init__(
        self,
        access: MetaAccess,
        *,
        say: Callable[[str], None],
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
        now: Now = utc_now,
        timeout_s: float = 30.0,
    ) -> None:
        access.check()
        self.requests = self.calls = 0
        self.concurrency = access.concurrency
        self.say = say
        self.clock = ClockWatch(now)
        self.line = HeaderWatch()
        self._root = f"{access.graph_url.rstrip('/')}/{access.api_version}/"
        self._proof = access.proof()
        self._scrub = Scrubber(access)
        self._sleep = sleep
        self.gate = Gate(access.wait_s, say, sleep)
        self._slots = asyncio.Semaphore(access.concurrency)
        self._http = httpx.AsyncClient(
            headers={
                "Authorization": f"Bearer {access.token}",
                "Accept-Encoding": "gzip",
                "User-Agent": "hubroster",
            },
            http2=self._root.startswith("https:"),
            verify=_tls(),
            timeout=httpx.Timeout(timeout_s, connect=min(10.0, timeout_s), pool=None),
            # below the 5 s after which common servers hang up on an idle connection
            limits=httpx.Limits(max_connections=access.concurrency, keepalive_expiry=4.0),
            follow_redirects=False,  # a redirect would carry the token to another address
            trust_env=False,  # a proxy from the environment would see it
            transport=transport,
        )

    def __repr__(self) -> str:
        return f"<MetaClient {self._root} requests={self.requests}>"

    async def __aenter__(self) -> Self:
        self._scrub.attach()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        await self._http.aclose()
        self._scrub.detach()

    @property
    def stopped(self) -> MetaError | None:
        """What ended the session before its time: nothing is sent after it."""
        return self.gate.shut_by

    async def get(self, path: str, params: Mapping[str, str], *, usable: Usable = any_object) -> Answer:
        """Return the answer to a GET; raise MetaError. An answer that isn't `usable` is asked for again."""
        return await self._ask("GET", quote(path, safe="/"), {**params, **self._proof}, 1, _taking(usable))

    async def write(
        self, method: str, path: str, fields: Mapping[str, str], *, before: Callable[[], None] = nothing_more
    ) -> Answer | Refusal:
        """Return the answer to one POST or DELETE, or what came in its place; raise MetaError if unsent.

        It is sent again only where it surely wasn't done: a limit refused it (after the wait), or there was
        no connection. Never after a lost answer: whoever asked must look what became of it. `before` is
        called each time when nothing is waited for any more; what it raises keeps it from being sent.
        """
        tries = 0
        while True:
            async with self._slots:
                passed_at = await self.gate.passage()
                before()
                self.requests += 1
                self.calls += 1
                outcome = await self._send(
                    method, quote(path, safe="/"), {**fields, **self._proof}, _taking(any_object)
                )
            if not isinstance(outcome, Refusal):
                return outcome
            tries += 1
            if outcome.course is Course.WAIT:
                self.gate.close(outcome, passed_at)
            elif outcome.sent or tries >= TRIES:
                self._told_to_wait(outcome, passed_at)  # whoever looks what became of it comes next
                self._given_up(outcome)
                return outcome
            else:
                await self._sleep(retry_pause_s(tries))

    async def batch(self, urls: Sequence[str], *, usable: Usable = any_object) -> list[Answer | MetaError]:
        """Return the answer or the error of each relative URL, in their order; at most 50.

        Items that fail in passing are asked again, and so are those a limit refused, after the wait. Raise
        MetaError when the batch as a whole is refused.
        """
        if len(urls) > BATCH_ITEMS:
            raise ValueError(f"{len(urls)} items in one batch; Meta takes {BATCH_ITEMS}")
        done: dict[int, Answer | MetaError] = {}
        pending, tries = list(range(len(urls))), 0
        while pending:
            passed_at = self.gate.closings
            outcomes = await self._batch_once([urls[i] for i in pending], usable)
            again, limits = [], []
            for i, outcome in zip(pending, outcomes, strict=True):
                if not isinstance(outcome, Refusal):
                    done[i] = outcome
                elif outcome.course is Course.WAIT:
                    limits.append(outcome)
                    again.append(i)
                elif outcome.course is Course.RETRY and tries + 1 < TRIES:
                    again.append(i)
                else:
                    done[i] = self._given_up(outcome)
            if limits:
                self.gate.close(_longest(limits), passed_at)
            elif again:
                tries += 1
                await self._sleep(retry_pause_s(tries))
            pending = again
        return [done[i] for i in range(len(urls))]

    async def _batch_once(self, urls: list[str], usable: Usable) -> list[Answer | Refusal]:
        def take(value: object) -> list[Answer | Refusal] | Refusal:
            if not isinstance(value, list) or len(value) != len(urls):
                return lost("a batch answer that doesn't fit the batch")
            return [self._item(item, usable) for item in value]

        return await self._ask("POST", "", {**batch_form(urls), **self._proof}, len(urls), take)

    def _item(self, item: object, usable: Usable) -> Answer | Refusal:
        outcome = item_outcome(item, self._scrub)
        if isinstance(outcome, Refusal) or usable(outcome):
            return outcome
        return lost("an answer of another shape than the documented one")

    async def _ask(
        self,
        method: str,
        path: str,
        fields: Mapping[str, str],
        calls: int,
        take: Callable[[object], T | Refusal],
    ) -> T:
        """Send until there is an answer that `take` can use, or raise what stood in the way."""
        tries = 0
        while True:
            async with self._slots:
                passed_at = await self.gate.passage()
                self.requests += 1
                self.calls += calls
                outcome = await self._send(method, path, fields, take)
            if not isinstance(outcome, Refusal):
                return outcome
            if outcome.course is Course.WAIT:
                self.gate.close(outcome, passed_at)
                continue
            tries += 1
            if outcome.course is not Course.RETRY or tries >= TRIES:
                raise self._given_up(outcome)
            if not self._told_to_wait(outcome, passed_at):
                await self._sleep(retry_pause_s(tries))

    async def _send(
        self, method: str, path: str, fields: Mapping[str, str], take: Callable[[object], T | Refusal]
    ) -> T | Refusal:
        """Send once. Trouble in transit is a refusal to retry: no exception of httpx leaves, with its URL."""
        # §9.7: only POST has a body; neither of the others carries anything secret in its URL but the proof
        sent: dict[str, Any] = {"data": fields} if method == "POST" else {"params": fields}
        try:
            response = await self._http.request(method, self._root + path, **sent)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return lost(f"no answer: there was no connection ({type(error).__name__})", sent=False)
        except httpx.TimeoutException:
            return lost("no answer in time")
        except Exception as error:  # noqa: BLE001, whatever it is: it may hold the URL and the header
            return lost(f"no whole answer: {self._scrub.clean(str(error)) or type(error).__name__}")
        self.clock.note(response.headers)
        self.line.note(response.headers)
        try:
            value = loads(response.content)
        except ValueError:
            return lost(f"no JSON (HTTP status {response.status_code})", response.headers)
        if isinstance(value, dict) and "error" in value:
            return refusal(value["error"], response.status_code, self._scrub, (response.headers,))
        if response.status_code >= 300:
            return lost(f"HTTP status {response.status_code}", response.headers)
        return take(value)

    def _told_to_wait(self, outcome: Refusal, passed_at: int) -> bool:
        """Close the gate for everybody where a failed answer has a Retry-After, and say whether it had."""
        told = any(map(retry_after_s, outcome.headers))
        if told:
            self.gate.close(outcome, passed_at)
        return told

    def _given_up(self, outcome: Refusal) -> MetaError:
        """Return the error to raise. After one that concerns the token as a whole nothing more is sent."""
        if outcome.course is Course.STOP:
            self.gate.shut(outcome.error)
        return outcome.error


def _taking(usable: Usable) -> Callable[[object], Answer | Refusal]:
    def take(value: object) -> Answer | Refusal:
        if isinstance(value, dict) and usable(value):
            return value
        return lost("an answer of another shape than the documented one")

    return take


@cache
def _tls() -> ssl.SSLContext:
    """Return what httpx makes for every client anew: reading the authorities takes 15 ms."""
    return httpx.create_ssl_context(trust_env=False)


def _longest(limits: Sequence[Refusal]) -> Refusal:
    """Return one refusal with the headers of all: the longest wait of any item holds."""
    return Refusal(Course.WAIT, limits[0].error, tuple(h for one in limits for h in one.headers))
