"""Many businesses and one directory, served until SIGTERM: `python -m tests.bench.many_worlds`
with a folder, how many hubs and people, and the milliseconds that an answer takes.

Writes a workspace for them into the folder, and prints a line when they answer.
"""

import signal
import sys
from pathlib import Path
from threading import Event

from deployments.sandbox.build import WorldPlan
from deployments.sandbox.several import SeveralBusinesses

HEAD = """\
[workspace]
name = "Bench"
[[directory]]
path = "people.csv"
[meta]
graph_url = "{graph_url}"
"""
HUB = """\
[[hubs]]
label = "hub{number:03}"
business_id = "{business}"
app_id = "{app}"
token = "file:{token}"
sandbox = true
"""


def write_workspace(folder: Path, several: SeveralBusinesses, people: int) -> int:
    """Write the settings, the tokens and the directory; return how many people there are."""
    parts = [HEAD.format(graph_url=several.graph_url)]
    for number, world in enumerate(several.worlds, 1):
        token = folder / f"token{number:03}"
        token.write_text(world.access_token)
        token.chmod(0o600)
        parts.append(
            HUB.format(number=number, business=world.business.id, app=world.app_id, token=token.name)
        )
    (folder / "hubroster.toml").write_text("".join(parts))
    return several.write_directory(folder / "people.csv", people)


def main(folder: str, hubs: str, people: str, latency_ms: str) -> None:
    """Serve until SIGTERM."""
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    plans = (WorldPlan(seed=n, story_seed=n, members=40, directory=60) for n in range(1, int(hubs) + 1))
    with SeveralBusinesses(plans, float(latency_ms)) as several:
        found = write_workspace(Path(folder), several, int(people))
        sys.stdout.write(f"{found}\n")
        sys.stdout.flush()
        stop.wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
