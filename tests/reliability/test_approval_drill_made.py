"""Schedules of the approval drill that are made, not drawn: stories that chance seldom tells."""

from collections.abc import Iterator

import pytest

from tests.reliability.approval_drill import ApprovalDrill, approval_drill
from tests.reliability.approval_steps import Schedule, Step
from tests.reliability.some_of_many import some_of

# Morning 0: Eva Rust and the Owner Ada Lund have left. Bo Marsh says that Eva should go.
YES = Step("say", who=1, what=1, how="remove")
TOLD = (Step("notify"), Step("wait", how="16"))
REMOVED = (YES, *TOLD, Step("apply"))
BROUGHT_BACK = (
    *REMOVED,
    Step("person", how="removed returns"),
    Step("check"),
    Step("request", who=1, what=1, how="restore"),
    Step("agree", who=2, what=1),
    *TOLD,
    Step("apply"),
    Step("hand", how="accept newest"),
    Step("check"),
    Step("apply"),
)
STORIES = {
    "brought back with what she had, leaves again, and nothing is done without a new yes": (
        (*BROUGHT_BACK, Step("person", how="restored leaves"), Step("check"), *TOLD, Step("apply")),
        {"at Meta: remove": 1, "at Meta: invite": 1, "at Meta: grant": 1},
    ),
    "her seat turns out to be somebody else's": (
        (YES, Step("notify"), Step("act", who=2, what=8, how="reassign"), *TOLD, Step("apply")),
        {"by command: unlinked": 1, "told: stale": 1, "at Meta: remove": 0},
    ),
    "the Owner who said yes is dropped before it is done": (
        (
            Step("say", who=2, what=1, how="remove"),
            *TOLD,
            Step("request", who=2, what=2, how="owner_drop"),
            Step("agree", who=1, what=1),
            Step("apply"),
        ),
        {"owner_dropped": 1, "told: withdrawn": 1, "at Meta: remove": 0},
    ),
    "the Owner who said yes is not in the directory any more": (
        (YES, *TOLD, Step("person", what=1, how="owner vanishes"), Step("apply")),
        {"told: withdrawn": 1, "at Meta: remove": 0},
    ),
    "the mail server is away: the time to say stop begins when it is back": (
        (
            *(Step("post", how="away"), YES, Step("wait", how="16"), Step("apply")),
            *(Step("post", how="back"), Step("notify"), Step("wait", how="5"), Step("apply")),
            *(Step("wait", how="16"), Step("apply")),
        ),
        {"told: done": 1, "at Meta: remove": 1},
    ),
    "the only Owner left names a second, who accepts and counts a day later": (
        (
            *(Step("person", what=2, how="owner leaves"), Step("check")),
            *(Step("request", who=1, how="owner_add"), Step("act", how="accept")),
            *(Step("say", who=7, what=1, how="remove"), Step("wait", how="1441")),
            *(Step("say", who=7, what=1, how="remove"), *TOLD, Step("apply")),
        ),
        {"owner_named": 1, "answers": 1, "at Meta: remove": 1},
    ),
}


@pytest.fixture(scope="module")
def drill() -> Iterator[ApprovalDrill]:
    with approval_drill() as made:
        yield made


@pytest.mark.parametrize("story", some_of(STORIES, 4))
def test_the_story_goes_as_told_and_breaks_no_promise(drill: ApprovalDrill, story: str) -> None:
    """The judge looks after every step; and what is to happen in the story has happened."""
    steps, happened = STORIES[story]

    tally = drill.play(Schedule(0, 0, steps, ends_with_check=False))

    assert happened == {what: tally[what] for what in happened}
