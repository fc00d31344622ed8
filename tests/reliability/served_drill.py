"""Twenty schedules of the approval drill through what users run: `hubroster up`, Prefect's server and form.

    python -m tests.reliability.served_drill            (all twenty)
    python -m tests.reliability.served_drill 3 7        (these seeds)

Checks and applies are runs of the served deployments; codes go into the suspended run's form; where a
schedule lets the program die, the processes of the flows are killed with -9 while a run is under way; where
time passes, `up` is stopped and started again. The judge is the drill's own (approval_truth.py).
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_URL,
    PREFECT_CLIENT_CSRF_SUPPORT_ENABLED,
    temporary_settings,
)

from flows.server.lasting import running_server
from tasks.errors import HubrosterError
from tests.e2e.owners_office import free_port, running_up, wait_until
from tests.reliability.approval_acts import Player
from tests.reliability.approval_drill import EVENING, ApprovalDrill, BrokenPromise, approval_drill
from tests.reliability.approval_memory import memory_of
from tests.reliability.approval_scene import LABEL, Approving
from tests.reliability.approval_seen import Moment, look
from tests.reliability.approval_steps import Schedule, Step, schedule
from tests.reliability.approval_truth import judge

SEEDS = range(1, 21)
CHECK, APPLY, RECONCILE = f"check-for-updates/daily-{LABEL}", "apply-approved/on-demand", "reconcile/hourly"
UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
OVER = (StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)


class Served:
    """`up` of one hub: started, stopped, killed, and what one asks of its Prefect server."""

    def __init__(self, hub: Approving) -> None:
        self.hub = hub
        self._stack = ExitStack()
        self._process: subprocess.Popen[str] | None = None
        self._began = datetime.now(UTC)

    def start(self) -> None:
        """Start `up`, at the time of the schedule, and wait until its first reconcile is over."""
        self._began = datetime.now(UTC)
        here = {"HUBROSTER_CLOCK_S": str(self.hub.at_s)}
        self._process = self._stack.enter_context(running_up(self.hub.ws.folder, here))
        with self.client() as client:
            deployment = client.read_deployment_by_name(RECONCILE)

            def reconciled() -> bool:
                runs = [r for r in client.read_flow_runs(limit=200) if r.deployment_id == deployment.id]
                # not one of an earlier `up`: what time has ended is ended by this one
                return any(r.state_type in OVER and r.state.timestamp >= self._began for r in runs if r.state)

            wait_until(reconciled, "the first reconcile of `up`", 300)
        self.settle()

    def stop(self) -> None:
        self._stack.close()
        self._stack = ExitStack()

    def kill(self) -> None:
        """Kill everything that `up` started but the server, as if the power of that machine had gone."""
        assert self._process is not None
        for pid in _below(self._process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"prefect.server" not in words and b"server\0start" not in words:
                os.kill(pid, signal.SIGKILL)

    @contextmanager
    def client(self) -> Iterator[SyncPrefectClient]:
        server = running_server(self.hub.settings)
        assert server is not None
        with (
            temporary_settings(
                {
                    PREFECT_API_URL: server.url,
                    PREFECT_API_AUTH_STRING: server.login,
                    PREFECT_CLIENT_CSRF_SUPPORT_ENABLED: True,
                }
            ),
            get_client(sync_client=True) as client,
        ):
            yield client

    def run(self, name: str, *, killed_after_s: float | None = None, **parameters: str) -> None:
        """Run a deployment to its end. Raises HubrosterError where it did not complete."""
        with self.client() as client:
            deployment = client.read_deployment_by_name(name)
            run = client.create_flow_run_from_deployment(deployment.id, parameters=parameters)

            def state() -> StateType | None:
                return client.read_flow_run(run.id).state_type

            if killed_after_s is not None:
                wait_until(lambda: state() not in (StateType.SCHEDULED, None), f"a start of {name}")
                time.sleep(killed_after_s)
                self.kill()
                return
            wait_until(lambda: state() in OVER, f"the end of {name}", 300)
            ended = state()
        self.settle()
        if ended is not StateType.COMPLETED:
            raise HubrosterError(f"{name} ended as {ended}")

    def type(self, codes: list[str]) -> None:
        """Put codes into the form of the suspended run, and wait until it asks again or is over."""
        with self.client() as client:

            def paused() -> list[FlowRun]:
                return [r for r in client.read_flow_runs(limit=200) if r.state_type is StateType.PAUSED]

            wait_until(lambda: len(paused()) == 1, "one suspended run for the open review", 300)
            run = paused()[0]
            before = run.state
            client.resume_flow_run(run.id, run_input={"codes": " ".join(codes), "comment": ""})

            def answered() -> bool:
                now = client.read_flow_run(run.id).state
                assert now is not None
                return now.type in OVER or (
                    now.type is StateType.PAUSED and before is not None and now.id != before.id
                )

            wait_until(answered, "the answer of the form", 300)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is under way: what an answer or a start set off is part of its step."""
        with self.client() as client:
            states = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDER_WAY)))

            def under_way() -> bool:
                found = client.read_flow_runs(flow_run_filter=states, limit=200)
                # what died with an `up` before this one stays "running" for a while
                return any(one.state and one.state.timestamp >= self._began for one in found)

            wait_until(lambda: not under_way(), "quiet", 300)


def _below(pid: int) -> list[int]:
    """Return the processes that a process started, and those that they did, the youngest first."""
    told = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in told.splitlines()]
    found = [pid]
    for one in found:
        found += [child for child, parent in pairs if parent == one]
    return found[:0:-1]


class ServedPlayer(Player):
    """Plays the steps of a schedule on a hub that `up` serves."""

    def __init__(self, hub: Approving, served: Served) -> None:
        super().__init__(hub)
        self.served = served

    def _check(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self._run(CHECK, step, moment)

    def _apply(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self._run(APPLY, step, moment)

    def _run(self, name: str, step: Step, moment: Moment) -> None:
        if step.crash is None:
            self.served.run(name, label=LABEL)
            return
        self.served.run(name, label=LABEL, killed_after_s=0.7 * step.crash[1])
        self.served.stop()
        moment.ended, moment.trouble = False, "killed"
        self.served.start()

    def _code(self, step: Step, moment: Moment) -> None:
        if (codes := self._codes(step, moment)) and self.book().open_review():
            moment.ran = True
            self.served.run(RECONCILE)
            if self.book().open_review():  # else it has just expired, and there is no form any more
                self.served.type(codes)

    def _wait(self, step: Step, moment: Moment) -> None:
        moment.ran = True
        self.served.stop()
        self.hub.at_s += 60 * float(step.how)
        self.hub.ws.move_clock(self.hub.at_s)
        self.served.start()


def play(drill: ApprovalDrill, one: Schedule, say: Callable[[str], Any]) -> Counter[str]:
    """Play one schedule; return what happened. Raises BrokenPromise."""
    hub = drill._dawn(one.morning).begin(f"served-{one.seed}")
    with hub.ws.config.open("a") as config:
        config.write(f'[page]\nurl = "http://127.0.0.1:{free_port()}"\n')
    served, passed = Served(hub), list[str]()
    player = ServedPlayer(hub, served)
    memory = memory_of(player.book(), look(player.world))
    steps = [step for step in (*one.steps, *EVENING) if step.how != "meanwhile"]
    try:
        served.start()
        for step in steps:
            moment = player.play(step)
            passed.append(f"{step}{f' ({moment.trouble})' if moment.trouble else ''}")
            say(passed[-1])
            judge(hub, moment, player.book(), memory)
    except AssertionError as error:
        raise BrokenPromise(f"{error} after: " + " | ".join(passed)) from error
    finally:
        served.stop()
    return memory.tally


def main() -> int:
    """Play; print what happened, and which schedule broke which promise."""
    seeds = [int(word) for word in sys.argv[1:]] or list(SEEDS)
    failed, tally = 0, Counter[str]()
    with approval_drill() as drill:
        for seed in seeds:
            began = time.monotonic()
            try:
                tally += play(drill, schedule(seed), lambda line: sys.stderr.write(f"  {line}\n"))
            except BrokenPromise as error:
                failed += 1
                sys.stdout.write(f"schedule {seed}: {error}\n")
            sys.stdout.write(f"schedule {seed}: {time.monotonic() - began:.0f} s\n")
            sys.stdout.flush()
    sys.stdout.write(", ".join(f"{what} {count:,}" for what, count in sorted(tally.items())) + "\n")
    sys.stdout.write(f"{len(seeds)} schedules through a Prefect server, {failed} failed\n")
    return 1 if failed else 0


if __name__ == "__main__":
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    sys.exit(main())
