"""The suspended flow of a review: where operators who are Owners answer in Prefect's own form (design §9).

It is the review's doorbell, never its gate: it only hands codes to the ledger, and nothing is done in it.
No flow retries: one would ask the same gate again, and Prefect 3.8 can't be answered then.
"""

from zoneinfo import ZoneInfo

from prefect import flow
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.runtime import flow_run
from pydantic import Field

from flows.answers.after_answer import after_answer
from flows.answers.by_codes import answer_by_codes, codes_in
from flows.opening.ledger import ledger_of
from flows.review.answering import AnswerRefused, standing_of
from flows.review.asked_about import proposals_of
from flows.review.grounds import ReportLost
from flows.review.words import run_name
from flows.server.own_log import keep_log
from flows.settings import Settings, load_settings

MOST_ROUNDS = 50
LONGEST = 2000  # characters of what is typed


class ReviewAnswer(RunInput):
    """What Prefect's form asks. Codes come by mail, each for one Owner; a name would prove nothing."""

    codes: str = Field("", description="Codes from your mail, separated by blanks")
    comment: str = Field("", description="Why; other Owners and auditors read it.")


def _run_name() -> str:
    """Return what operators see in Prefect's lists: "Review acme: 2 removals, by 8 Dec"."""
    review = str(flow_run.parameters["review"])
    settings = load_settings()
    return title(settings, review.rpartition("-")[0], review) or review


@flow(name="review", flow_run_name=_run_name, persist_result=False, retries=0)
def review_hub(review: str) -> str:
    """Ask for answers to a review until it is over; return its last state in words."""
    keep_log()
    settings = load_settings()
    label = review.rpartition("-")[0]
    problem = ""
    for round_ in range(1, MOST_ROUNDS + 1):
        question = describe(settings, label, review, problem)
        if question is None:
            return "over"
        answer = suspend_flow_run(
            wait_for_input=ReviewAnswer.with_initial_data(description=question),
            timeout=None,
            key=f"{review}-r{flow_run.run_count}-{round_}",
        )
        problem = take(settings, label, review, answer)
    return "answered too often: the next hour opens another form"


def title(settings: Settings, label: str, review: str) -> str | None:
    """Return what is still asked, in a line without names; None when nothing is, or the review is over."""
    with ledger_of(settings) as ledger, ledger.reading() as book:
        try:
            standing = standing_of(settings, book, label, review)
            shown = proposals_of(settings, book, standing.rows, standing.review)
        except (AnswerRefused, ReportLost):
            return None
    still = [change for change, verdict in standing.verdicts.items() if verdict.state in ("open", "partly")]
    if not still:
        return None
    proposals = [shown[change] for change in still if change in shown]
    return run_name(label, proposals, standing.review.expires_at, ZoneInfo(settings.workspace.timezone))


def describe(settings: Settings, label: str, review: str, problem: str) -> str | None:
    """Return what stands above the form, in Markdown without names or addresses; None when it is over.

    Prefect keeps it where every operator can read it, so persons are told by mail and on the page only.
    """
    name = title(settings, label, review)
    if name is None:
        return None
    where = f"{settings.page.url.rstrip('/')}/r/{review}"
    lines = [f"**{name}**", f"Who, and why: in your mail, and on the page {where}"]
    return "\n\n".join([f"> **{problem}**", *lines] if problem else lines)


def take(settings: Settings, label: str, review: str, answer: ReviewAnswer) -> str:
    """Hand the codes of a form to the ledger; return what was wrong with them, in words, or nothing."""
    codes = codes_in(answer.codes[:LONGEST])
    if not codes:
        return "No code was typed, and nothing was done."
    found = answer_by_codes(
        settings, codes, via="Prefect's form", comment=answer.comment[:LONGEST], review=review
    )
    for one in found.taken:
        after_answer(settings, label, bool(one.approved), one.not_before)
    if found.refused:
        return f"{len(found.refused)} of {len(codes)} codes had no effect: {found.refused[0]}"
    return ""
