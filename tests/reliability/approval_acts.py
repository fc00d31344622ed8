"""What is done in a step of the approval drill: by Owners, by hand, in the directory, by the program."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from deployments.sandbox.server import AdminError
from flows.opening.ledger import ledger_of, people_by_id, person_ref
from flows.opening.warehouse import reading_warehouse
from flows.review.answering import record_answers
from tasks import boundaries
from tasks.errors import HubrosterError
from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_codes import code_of
from tests.reliability.approval_directory import change_directory
from tests.reliability.approval_hands import act_at_meta, seat_among
from tests.reliability.approval_post import Post
from tests.reliability.approval_requests import ask_for, decide_unasked, owner_among
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.approval_seen import Moment, Typed, look
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import OWNERS, REST, STAFF, address, person_id

SPEAKERS = (*OWNERS, *OWNERS, STAFF[0], REST[0])  # two of them are no Owners, as a rule
FORGED = "ABCDEFGHJK"


class Crashed(BaseException):
    """The program died here. From then on it passes no boundary: nothing is given back, nothing is tidied."""


class Player:
    """Plays the steps of one schedule on a hub, and tells what each was."""

    def __init__(self, hub: Approving) -> None:
        self.hub = hub
        self.world = hub.box.world
        self.used: set[str] = set()  # codes that counted once
        self.post = Post(hub.box)

    def play(self, step: Step) -> Moment:
        """Play a step; return the moment to judge."""
        mails = self.hub.box.mailbox.messages()
        moment = Moment(step, look(self.world), self.hub.now(), len(mails), self.post.how)
        act: Callable[[Step, Moment], None] = getattr(self, f"_{step.kind}")
        try:
            with self._trouble(step), self._at_hand(step):
                act(step, moment)
        except (HubrosterError, AdminError, Crashed) as error:
            moment.ended = False
            moment.trouble = f"{type(error).__name__}: {error}"
        moment.after = look(self.world)
        return moment

    def book(self) -> AuditedBook:
        return AuditedBook(self.hub.ws.folder / ".hubroster" / "ledger.db")

    @contextmanager
    def _at_hand(self, step: Step) -> Iterator[None]:
        """Keep the warehouse open where a step reads it again and again, and never writes to it."""
        if step.kind not in ("code", "say", "stop", "agree", "request", "act", "notify"):
            yield
            return
        with reading_warehouse(self.hub.settings):
            yield

    @contextmanager
    def _trouble(self, step: Step) -> Iterator[None]:
        directory = list(self.world.directory)
        if step.faults:
            self.hub.box.admin("faults", list(step.faults))
        if step.short:
            self._export(directory[:-6])
        if step.crash:
            boundaries.on_boundary = _dying(*step.crash)
        try:
            yield
        finally:
            boundaries.on_boundary = None
            if step.faults:
                self.hub.box.admin("faults", [])
            if step.short:
                self._export(directory)

    def _export(self, rows: list[dict[str, object]]) -> None:
        self.world.directory[:] = rows
        self.hub.ws.move_clock(self.hub.at_s)  # writes the file anew

    # The program

    def _check(self, _: Step, moment: Moment) -> None:
        moment.ran = True
        moment.check = self.hub.check()

    def _apply(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        if step.how == "meanwhile":
            boundaries.on_boundary = self._said_while_reading(step, moment)
        self.hub.apply()

    def _notify(self, _: Step, moment: Moment) -> None:
        moment.ran = True
        self.hub.notify()

    def _wait(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self.hub.pass_time(minutes=float(step.how))

    # Owners, and others who try

    def _code(self, step: Step, moment: Moment) -> None:
        codes = self._codes(step, moment)
        if not codes:
            return
        moment.ran = True
        outcome = self.hub.type(*codes)
        if len(codes) == 1 and outcome.taken:
            assert codes[0] not in self.used, "a code of single use counted twice"
            self.used.add(codes[0])
        self._send(step)

    def _codes(self, step: Step, moment: Moment) -> list[str]:
        if step.how == "forged":
            return [FORGED]
        if step.how == "again":
            return [sorted(self.used)[step.what % len(self.used)]] if self.used else []
        names = OWNERS if step.how == "two" else [owner_among(self.hub, step.who)]
        return [code for name in names for code in code_of(self.hub, name, step, moment)]

    def _say(self, step: Step, moment: Moment) -> None:
        """Answer as the page and `hubroster decide` do; whoever speaks, whatever he says."""
        review = self.book().open_review()
        questions = [*(review.said["asked"] if review else []), *self._pending()]
        if not questions:
            return
        questions.sort(key=lambda one: (one["member_id"], one["kind"]))
        asked, name = questions[step.what % len(questions)], SPEAKERS[step.who % len(SPEAKERS)]
        wanted = {"remove": "do", "keep": "dont", "exempt": "do"}
        answers = wanted if asked.get("wanted") else {"do": "remove", "dont": "keep"}
        answer = answers.get(step.how, step.how)
        moment.ran = True
        self._record(name, asked["id"], answer, moment)
        self._send(step)

    def _stop(self, step: Step, moment: Moment) -> None:
        """Say no to what was approved and is not settled."""
        pending = self._pending()
        if pending:
            asked = pending[step.what % len(pending)]
            answer = {"keep": "dont"}.get(step.how, step.how) if asked.get("wanted") else step.how
            moment.ran = True
            self._record(owner_among(self.hub, step.who), asked["id"], answer, moment)
            self._send(step)

    def _agree(self, step: Step, moment: Moment) -> None:
        """Say yes to what was asked for last."""
        asked = [one.said["asked"]["id"] for one in self.book().of("requested")]
        if asked:
            moment.ran = True
            self._record(owner_among(self.hub, step.who), asked[-1], "do", moment)
            self._send(step)

    def _pending(self) -> list[dict[str, Any]]:
        book = self.book()
        settled = {one.said["approval"] for one in book.of("result")}
        return [one.said["asked"] for one in book.of("approved") if one.seq not in settled]

    def _send(self, step: Step) -> None:
        """Send the receipts; the mail server may be late."""
        if step.what % 3:
            self.hub.notify()

    def _record(self, name: str, change: str, answer: str, moment: Moment) -> None:
        settings = self.hub.settings
        said = frozenset([answer.partition(":")[0]])
        moment.typed.append(Typed(person_id(name), frozenset([change]), said))
        known = people_by_id(settings, [person_id(name)])[person_id(name)]
        review = self.book().open_review()
        with ledger_of(settings) as ledger, ledger.writing() as book:
            record_answers(
                settings,
                book,
                LABEL,
                review.said["review"] if review else "",
                person=person_ref(book, known),
                answers={change: answer},
                identified_by="page code",
            )

    def _said_while_reading(self, step: Step, moment: Moment) -> Callable[[str], None]:
        """Let an Owner say stay when Meta was read again and nothing was called yet."""

        def here(name: str) -> None:
            if name != "report.written":
                return
            boundaries.on_boundary = None
            if due := self._pending():
                asked = due[step.what % len(due)]
                answer = "dont" if asked.get("wanted") else "keep"
                try:
                    self._record(OWNERS[step.who % len(OWNERS)], asked["id"], answer, moment)
                except HubrosterError as error:
                    moment.trouble = str(error)

        return here

    # Requests, decisions, hands, settings

    def _request(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        ask_for(self.hub, step, moment)

    def _act(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        decide_unasked(self.hub, step, moment)

    def _hand(self, step: Step, _: Moment) -> None:
        act_at_meta(self.hub, step, self._at_stake(step))

    def _person(self, step: Step, _: Moment) -> None:
        change_directory(self.hub, step, self._at_stake(step))

    def _post(self, step: Step, _: Moment) -> None:
        self.post.be(step.how)

    def _settings(self, step: Step, _: Moment) -> None:
        """Somebody changes the Owners in the configuration, which says only who the first ones were."""
        first, rest = self.hub.ws.config.read_text().split("owners = [")
        named = "" if step.how == "without" else f'"{address(REST[step.what % len(REST)])}"'
        self.hub.ws.config.write_text(f"{first}owners = [{named}]{rest.partition(']')[2]}")

    def _at_stake(self, step: Step) -> str:
        """Return a seat about which something was approved, every other time; else any."""
        ids = [one["member_id"] for one in self._pending() if one["member_id"] in self.world.users]
        if not ids or step.who % 2:
            return seat_among(self.hub, step.what)
        return str(ids[step.what % len(ids)])


def _dying(where: str, nth: int) -> Callable[[str], None]:
    passed: dict[str, Any] = {"times": 0, "dead": False}

    def here(name: str) -> None:
        passed["times"] += name == where
        if passed["dead"] or passed["times"] >= nth:
            passed["dead"] = True
            raise Crashed(name)

    return here
