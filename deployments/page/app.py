"""The page where Owners answer: a code from the mail, the questions in plain words, one confirmation.

GET shows, only POST decides; the link carries no secret; no script is needed (design §9).
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deployments.page.door import Door
from deployments.page.guard import Guard, TooSlow
from deployments.page.shown import PER_PAGE, recommended, said, sheet
from deployments.page.watch import watch_routes
from flows.answers.page import Answering, Refused, Standing
from flows.review.answering import SeenFrom
from matching.roster.canonical import sha256_of
from tasks.errors import HubrosterError

HERE = Path(__file__).parent
COOKIE = "session"
LONGEST_COMMENT = 2000
LONGEST_CODE = 100
MOST_FIELDS = 100  # 50 answers and a few more
REVIEW = re.compile(r"[a-z0-9_-]{1,60}")


def create_app(answering: Answering, page_url: str) -> ASGIApp:
    """Return the application; `page_url` is how Owners reach it, and what it trusts."""
    page = _Page(answering, page_url)
    routes = [
        Route("/", page.home),
        *watch_routes(answering.settings),
        Route("/style.css", page.style),
        Route("/r/{review}", page.door, methods=["GET"]),
        Route("/r/{review}", page.enter, methods=["POST"]),
        Route("/r/{review}/answers", page.show, methods=["GET"]),
        Route("/r/{review}/answers", page.answer, methods=["POST"]),
        Route("/r/{review}/leave", page.leave, methods=["POST"]),
    ]
    errors = {
        404: page.not_found,
        500: page.broken,
        HubrosterError: page.unavailable,
        TooSlow: page.not_arrived,
        ClientDisconnect: page.not_arrived,
    }
    # Around everything: what goes wrong inside is told with the same headers.
    return Guard(Starlette(routes=routes, exception_handlers=errors), page_url)


class _Page:
    """The handlers. What touches the ledger runs in a thread: it waits for locks."""

    def __init__(self, answering: Answering, page_url: str) -> None:
        self.answering = answering
        self.tries = Door()
        self.secure = urlsplit(page_url).scheme == "https"
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True, default_for_string=True),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    async def home(self, _: Request) -> Response:
        return self._said("Open the link in your mail: it leads to what waits for your answer.")

    async def style(self, _: Request) -> Response:
        return FileResponse(HERE / "page.css", media_type="text/css")

    async def not_found(self, _: Request, __: Exception) -> Response:
        return self._said("There is nothing here: open the link in your mail.", 404)

    async def broken(self, _: Request, __: Exception) -> Response:
        return self._said("Something went wrong here, and nothing was recorded. Try again later.", 500)

    async def not_arrived(self, _: Request, __: Exception) -> Response:
        response = self._said("The form did not arrive, and nothing was recorded. Try again.", 408)
        response.headers["Connection"] = "close"
        return response

    async def unavailable(self, _: Request, __: Exception) -> Response:
        return self._said("This can't be answered at the moment, and nothing was recorded. Try again.", 503)

    async def door(self, request: Request) -> Response:
        return self._door(_review(request), "")

    async def enter(self, request: Request) -> Response:
        review, seen_from = _review(request), _seen_from(request)
        form = await _form(request)
        code = form.get("code", "")[:LONGEST_CODE]
        if problem := self.tries.knock(seen_from.ip):
            return self._door(review, problem, 429)
        found = await run_in_threadpool(self.answering.enter, review, code, seen_from)
        if isinstance(found, Refused):
            return self._door(review, found.reason, 403)
        self.tries.opened(seen_from.ip)
        if earlier := request.cookies.get(COOKIE):
            await run_in_threadpool(self.answering.leave, earlier)
        response = RedirectResponse(f"/r/{review}/answers", 303)
        response.set_cookie(
            COOKIE, found.token, path=f"/r/{review}", httponly=True, samesite="strict", secure=self.secure
        )
        return response

    async def show(self, request: Request) -> Response:
        review, token = _review(request), request.cookies.get(COOKIE, "")
        standing = await self._standing(review, token)
        if isinstance(standing, Refused):
            return self._door(review, standing.reason, 403)
        return self._sheet(standing, token, request.query_params.get("page", "1"))

    async def answer(self, request: Request) -> Response:
        """Show what would be recorded; record it when the form says that it was seen."""
        review, token = _review(request), request.cookies.get(COOKIE, "")
        standing = await self._standing(review, token)
        if isinstance(standing, Refused):
            return self._door(review, standing.reason, 403)
        form = await _form(request)
        if not _is_of(token, form):
            return self._said("This form is not one of this page, and nothing was recorded.", 403)
        wanted = form.get("all", "")
        answers = recommended(standing) if wanted else _answers(form)
        comment = form.get("comment", "")[:LONGEST_COMMENT]
        if not answers:
            return self._sheet(standing, token, "1", "Nothing was chosen, and nothing was recorded.")
        seen = sha256_of(answers) if wanted else ""
        if form.get("sure") != "yes" or wanted != seen:  # what is recommended may have changed meanwhile
            words = said(standing, answers, _today())
            return self._html(
                "confirm.html",
                standing=standing,
                said=words[:PER_PAGE] if wanted else words,
                more=max(0, len(words) - PER_PAGE) if wanted else 0,
                all=seen,
                comment=comment,
                form=_form_token(token),
            )
        receipt = await run_in_threadpool(self.answering.answer, token, answers, comment, _seen_from(request))
        if isinstance(receipt, Refused):
            return self._sheet(standing, token, "1", receipt.reason)
        return self._html("receipt.html", standing=standing, receipt=receipt, form=_form_token(token))

    async def leave(self, request: Request) -> Response:
        review, token = _review(request), request.cookies.get(COOKIE, "")
        form = await _form(request)
        if token and _is_of(token, form):
            await run_in_threadpool(self.answering.leave, token)
        response = self._said("You have left. To come back, type the code from your mail again.")
        response.delete_cookie(COOKIE, path=f"/r/{review}")
        return response

    async def _standing(self, review: str, token: str) -> Standing | Refused:
        found = await run_in_threadpool(self.answering.standing, token)
        if isinstance(found, Standing) and found.review != review:
            return Refused("this code is for another review: open the link of the same mail")
        return found

    def _sheet(self, standing: Standing, token: str, number: str, problem: str = "") -> Response:
        shown = sheet(standing, int(number) if number.isdecimal() and len(number) < 6 else 1, _today())
        return self._html(
            "answers.html",
            422 if problem else 200,
            standing=standing,
            sheet=shown,
            problem=problem,
            form=_form_token(token),
        )

    def _door(self, review: str, problem: str, status: int = 200) -> Response:
        return self._html("door.html", status, review=review, problem=problem)

    def _said(self, words: str, status: int = 200) -> Response:
        return self._html("said.html", status, words=words)

    def _html(self, name: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(self.templates.get_template(name).render(**values), status)


async def _form(request: Request) -> dict[str, str]:
    """Return the fields of a form; of one that is no form, or has too many, none."""
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}


def _answers(form: Mapping[str, str]) -> dict[str, str]:
    return {name[2:]: value for name, value in form.items() if name.startswith("a-") and value}


def _form_token(token: str) -> str:
    """Return what a form of this session carries: another site can't know it; it doesn't tell the token."""
    return hmac.new(token.encode("utf-8", "replace"), b"form", hashlib.sha256).hexdigest()


def _is_of(token: str, form: Mapping[str, str]) -> bool:
    """Say whether a form was made by this session."""
    return hmac.compare_digest(form.get("form", "").encode("utf-8", "replace"), _form_token(token).encode())


def _review(request: Request) -> str:
    """Return the review of a path; what can't be one is not looked for, nor written into a cookie."""
    review = str(request.path_params["review"])
    if not REVIEW.fullmatch(review):
        raise HTTPException(404)
    return review


def _seen_from(request: Request) -> SeenFrom:
    headers: Mapping[str, str] = request.headers
    address = request.client.host if request.client else ""
    return SeenFrom(address[:50], headers.get("user-agent", "")[:200])


def _today() -> Any:
    return datetime.now(UTC).date()
