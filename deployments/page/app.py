"""The page where Owners answer: a code from the mail, the questions in plain words, one confirmation.

GET shows, only POST decides; the link carries no secret; no script is needed (design §9).
"""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from deployments.page.door import Door
from deployments.page.forms import answers_in, form_of, form_token, is_of, review_of, seen_from
from deployments.page.guard import Guard, TooSlow
from deployments.page.shown import PER_PAGE, recommended, said, sheet
from deployments.page.watch import watch_routes
from flows.answers.page import Answering, Refused, Standing
from matching.roster.canonical import sha256_of
from tasks.errors import HubrosterError

progress = logging.getLogger("hubroster.progress")

HERE = Path(__file__).parent
COOKIE = "session"
LONGEST_COMMENT = 2000
LONGEST_CODE = 100


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
        self.zone = ZoneInfo(answering.settings.workspace.timezone)
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

    async def unavailable(self, _: Request, error: Exception) -> Response:
        progress.warning("An Owner was told to try again: %s", error)
        return self._said("This can't be answered at the moment, and nothing was recorded. Try again.", 503)

    async def door(self, request: Request) -> Response:
        return self._door(review_of(request), "")

    async def enter(self, request: Request) -> Response:
        review, where = review_of(request), seen_from(request)
        form = await form_of(request)
        code = form.get("code", "")[:LONGEST_CODE]
        if problem := self.tries.knock(where.ip):
            return self._door(review, problem, 429)
        found = await run_in_threadpool(self.answering.enter, review, code, where)
        if isinstance(found, Refused):
            return self._door(review, found.reason, 403)
        self.tries.opened(where.ip)
        if earlier := request.cookies.get(COOKIE):
            await run_in_threadpool(self.answering.leave, earlier)
        response = RedirectResponse(f"/r/{review}/answers", 303)
        response.set_cookie(
            COOKIE, found.token, path=f"/r/{review}", httponly=True, samesite="strict", secure=self.secure
        )
        return response

    async def show(self, request: Request) -> Response:
        review, token = review_of(request), request.cookies.get(COOKIE, "")
        standing = await self._standing(review, token)
        if isinstance(standing, Refused):
            return self._door(review, standing.reason, 403)
        return self._sheet(standing, token, request.query_params.get("page", "1"))

    async def answer(self, request: Request) -> Response:
        """Show what would be recorded; record it when the form says that it was seen."""
        review, token = review_of(request), request.cookies.get(COOKIE, "")
        standing = await self._standing(review, token)
        if isinstance(standing, Refused):
            return self._door(review, standing.reason, 403)
        form = await form_of(request)
        if not is_of(token, form):
            return self._said("This form is not one of this page, and nothing was recorded.", 403)
        wanted, number = form.get("all", ""), form.get("page", "1")
        answers = recommended(standing) if wanted else answers_in(form)
        comment = form.get("comment", "")[:LONGEST_COMMENT]
        if form.get("sure") == "no":
            return self._sheet(standing, token, number, chosen=answers, comment=comment)
        if not answers:
            return self._sheet(
                standing, token, number, "Nothing was chosen, and nothing was recorded", comment=comment
            )
        seen = sha256_of(answers) if wanted else ""
        if form.get("sure") != "yes" or wanted != seen:  # what is recommended may have changed meanwhile
            return self._confirm(standing, token, answers, all=seen, comment=comment, number=number)
        receipt = await run_in_threadpool(self.answering.answer, token, answers, comment, seen_from(request))
        if isinstance(receipt, Refused):
            return self._sheet(standing, token, number, receipt.reason, chosen=answers, comment=comment)
        at = receipt.not_before.astimezone(self.zone)
        return self._html("receipt.html", standing=standing, receipt=receipt, at=at, form=form_token(token))

    async def leave(self, request: Request) -> Response:
        review, token = review_of(request), request.cookies.get(COOKIE, "")
        form = await form_of(request)
        if token and is_of(token, form):
            await run_in_threadpool(self.answering.leave, token)
        response = self._said("You have left. To come back, type the code from your mail again.")
        response.delete_cookie(COOKIE, path=f"/r/{review}")
        return response

    async def _standing(self, review: str, token: str) -> Standing | Refused:
        found = await run_in_threadpool(self.answering.standing, token)
        if isinstance(found, Standing) and found.review != review:
            return Refused("this code is for another review: open the link of the same mail")
        return found

    def _sheet(
        self,
        standing: Standing,
        token: str,
        number: str,
        problem: str = "",
        chosen: Mapping[str, str] | None = None,
        comment: str = "",
    ) -> Response:
        page = int(number) if number.isdecimal() and len(number) < 6 else 1
        return self._html(
            "answers.html",
            422 if problem else 200,
            standing=standing,
            sheet=sheet(standing, page, self._today(), chosen),
            until=standing.expires_at.astimezone(self.zone),
            problem=problem,
            comment=comment,
            form=form_token(token),
        )

    def _confirm(
        self,
        standing: Standing,
        token: str,
        answers: Mapping[str, str],
        *,
        all: str,
        comment: str,
        number: str,
    ) -> Response:
        """Say what would be recorded: what was chosen one by one, or the first 50 that are recommended."""
        words = said(standing, answers)
        return self._html(
            "confirm.html",
            standing=standing,
            said=words[:PER_PAGE] if all else words,
            more=max(0, len(words) - PER_PAGE) if all else 0,
            removals=sum(one.removes for one in words),
            waiting=sum(one.waits for one in words),
            hold=f"{self.answering.settings.policy.hold_min:g}",
            all=all,
            comment=comment,
            page=number,
            form=form_token(token),
        )

    def _door(self, review: str, problem: str, status: int = 200) -> Response:
        return self._html("door.html", status, review=review, problem=problem)

    def _said(self, words: str, status: int = 200) -> Response:
        return self._html("said.html", status, words=words)

    def _today(self) -> date:
        return datetime.now(self.zone).date()

    def _html(self, name: str, status: int = 200, **values: Any) -> Response:
        return HTMLResponse(self.templates.get_template(name).render(**values), status)
