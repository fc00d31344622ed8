"""What is done in a step of the approval drill: by Owners, by hand, in the directory, by the program."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from deployments.sandbox.server import AdminError
from flows.answering import record_answers
from flows.ledger_access import ledger_of, people_by_id, person_ref
from flows.login import log_in, send_code
from flows.member_requests import grant, invite, remove, revoke, set_role
from flows.owner_actions import exempt, match, unexempt
from flows.requesting import withdraw
from flows.warehouse_of import reading_warehouse
from tasks import boundaries
from tasks.errors import HubrosterError
from tests.reliability.approval_book import AuditedBook
from tests.reliability.approval_scene import ALL, CODED, KEEP_ALL, LABEL, REMOVE, STAY, Approving
from tests.reliability.approval_seen import Moment, Typed, look
from tests.reliability.approval_steps import Step
from tests.reliability.approval_world import OWNERS, REST, STAFF, address, person_id

SAID = {REMOVE: "remove", STAY: "keep", "Let them stay, as an exception": "exempt"}
SAID |= {"Do it": "do", "Don't do it": "dont"}
SPEAKERS = (*OWNERS, *OWNERS, STAFF[0], REST[0])  # two of them are no Owners
LOGIN = re.compile(r"^\s*Your code:\s+([A-Z0-9]{10})\s*$", re.MULTILINE)
FORGED = "ABCDEFGHJK"


class Crashed(BaseException):
    """The program died here. From then on it passes no boundary: nothing is given back, nothing is tidied."""


class Player:
    """Plays the steps of one schedule on a hub, and tells what each was."""

    def __init__(self, hub: Approving) -> None:
        self.hub = hub
        self.world = hub.box.world
        self.used: set[str] = set()  # codes that counted once

    def play(self, step: Step) -> Moment:
        """Play a step; return the moment to judge."""
        moment = Moment(step, look(self.world), self.hub.now())
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
        """Keep the warehouse open where a step only reads it: opening takes 25 ms, again and again."""
        if step.kind in ("check", "apply", "hand", "person"):
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
        names = OWNERS if step.how == "two" else [OWNERS[step.who % len(OWNERS)]]
        return [code for name in names for code in self._code_of(name, step, moment)]

    def _code_of(self, name: str, step: Step, moment: Moment) -> list[str]:
        mails = [m for m in self.hub.mails(name) if CODED.search(m["text"])]
        if not mails:
            return []
        mail = mails[step.what % len(mails)] if step.how == "old" else mails[-1]
        items, _, rest = mail["text"].partition("OR ANSWER BY CODES")
        if step.how in ("all", "keep", "two"):
            wanted = KEEP_ALL if step.how == "keep" else ALL
            found = [(code, None, wanted) for words, code in CODED.findall(rest) if words == wanted]
        else:
            parts = re.split(r"^\d+\. ", items, flags=re.M)[1:]
            found = [(code, part, words) for part in parts for words, code in CODED.findall(part)]
        if not found:
            return []
        code, part, words = found[step.what % len(found)]
        if words in (ALL, KEEP_ALL):
            answers = frozenset({"remove"} if words == ALL else {"keep", "dont"})
        else:
            answers = frozenset({SAID.get(words, "match")})
        about = None if part is None else frozenset([" ".join(part.split())])
        moment.typed.append(Typed(person_id(name), about, answers))
        return [code]

    def _say(self, step: Step, moment: Moment) -> None:
        """Answer as the page and `hubroster decide` do; whoever speaks, whatever he says."""
        review = self.book().open_review()
        questions = [*(review.said["asked"] if review else []), *self._pending()]
        if not questions:
            return
        questions.sort(key=lambda one: (one["member_id"], one["kind"]))
        asked, name = questions[step.what % len(questions)], SPEAKERS[step.who % len(SPEAKERS)]
        if asked.get("wanted"):
            answer = {"remove": "do", "keep": "dont", "exempt": "do"}.get(step.how, step.how)
        else:
            answer = {"do": "remove", "dont": "keep"}.get(step.how, step.how)
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
            self._record(OWNERS[step.who % len(OWNERS)], asked["id"], answer, moment)
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
        moment.typed.append(
            Typed(person_id(name), frozenset([change]), frozenset([answer.partition(":")[0]]))
        )
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

    def _log_in(self, name: str) -> None:
        ref = send_code(self.hub.settings, address(name))
        code = next(
            found[1]
            for mail in reversed(self.hub.mails(name))
            if (found := LOGIN.search(mail["text"])) is not None
        )
        log_in(self.hub.settings, ref, code)

    def _request(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self._log_in(OWNERS[step.who % len(OWNERS)])
        settings, member = self.hub.settings, self._member(step.what)
        asset = f"page:{('700', '701')[step.what % 2]}"
        if step.how == "remove":
            remove(settings, LABEL, member, "moved on")
        elif step.how in ("set_role", "demote"):
            set_role(settings, LABEL, member, "ADMIN" if step.how == "set_role" else "EMPLOYEE", "a new job")
        elif step.how == "grant":
            tasks = ("MANAGE", "ADVERTISE", "CREATE_CONTENT")[step.what % 3]
            grant(settings, LABEL, member, asset, tasks, "for a client")
        elif step.how == "revoke":
            revoke(settings, LABEL, member, asset, "no more needed")
        elif step.how == "invite":
            who = address(REST[step.what % len(REST)])
            invite(settings, LABEL, [who], "EMPLOYEE", [f"{asset}=ADVERTISE"], "a colleague")
        else:
            asked = [one.said["asked"]["id"] for one in self.book().of("requested")]
            if asked:
                withdraw(settings, LABEL, asked[-1])

    def _act(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self._log_in(OWNERS[step.who % len(OWNERS)])
        settings, member = self.hub.settings, self._member(step.what)
        if step.how == "exempt":
            until = (self.hub.now() + timedelta(days=20)).date()
            exempt(settings, LABEL, member, until, "a contract")
        elif step.how == "unexempt":
            unexempt(settings, LABEL, member)
        else:
            match(settings, LABEL, "10012", person_id(REST[step.what % len(REST)]))

    # By hand

    def _member(self, what: int) -> str:
        """Return the id of a seat; three times as often that of a leaver, and twice that of an Owner."""
        seats = look(self.world)
        people = {number: seats.person_at.get(one.address, "") for number, one in seats.users.items()}
        left = [number for number in people if seats.status(people[number]) == "deprovisioned"]
        owners = [number for number in people if people[number] in map(person_id, OWNERS)]
        ids = sorted([*people, *left, *left, *owners])
        return ids[what % len(ids)] if ids else ""

    def _hand(self, step: Step, _: Moment) -> None:
        admin, member = self.hub.ws.admin, self._member(step.what)
        asset = ("700", "701", "act_800")[step.what % 3]
        if step.how == "role":
            role = ("ADMIN", "EMPLOYEE", "DEVELOPER")[step.who % 3]
            admin(f"members/{member}/role", {"role": role})
        elif step.how == "name":
            admin(f"members/{member}", {"name": f"{self.world.users[member].name} Jr"})
        elif step.how == "remove":
            admin(f"members/{member}/remove")
        elif step.how in ("grant", "control"):
            tasks = ["MANAGE", "ADVERTISE"] if step.how == "control" else ["ANALYZE"]
            admin("grants", {"user": member, "asset": asset, "tasks": tasks})
        elif step.how == "revoke":  # from those in control, as a rule
            held = sorted(look(self.world).in_control(asset)) or [member]
            admin("grants/revoke", {"user": held[step.who % len(held)], "asset": asset})
        elif self.world.invites:
            admin(f"invites/{sorted(self.world.invites)[step.what % len(self.world.invites)]}/accept")

    def _person(self, step: Step, _: Moment) -> None:
        ids = [str(row["person_id"]) for row in self.world.directory]
        if step.how.startswith("owner"):
            ids = [person_id(name) for name in OWNERS]
        elif step.how == "return":
            ids = [str(row["person_id"]) for row in self.world.directory if row["status"] != "active"] or ids
        else:
            ids = ids[:13]  # those who have a seat
        status = {"leave": "deprovisioned", "owner leaves": "deprovisioned", "suspend": "suspended"}
        who = ids[step.what % len(ids)]
        self.hub.ws.admin(f"directory/{who}", {"status": status.get(step.how, "active")})


def _dying(where: str, nth: int) -> Callable[[str], None]:
    passed: dict[str, Any] = {"times": 0, "dead": False}

    def here(name: str) -> None:
        passed["times"] += name == where
        if passed["dead"] or passed["times"] >= nth:
            passed["dead"] = True
            raise Crashed(name)

    return here
