"""The measurements that take long, each by itself: `make bench-long`."""

import argparse
import os
import platform
import time

from tests.bench import a_year, many_hubs
from tests.bench.whole_check import Size, measure, table


def main() -> None:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 hubs, 60 days, 10,000 members")
    quick = parser.parse_args().quick
    began = time.monotonic()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    hubs, people = (40, 2_000) if quick else (400, 20_000)
    _say(f"{hubs} hubs in one workspace, {many_hubs.LATENCY_MS} ms a request")
    print(f"{many_hubs.HEAD}\n{many_hubs.measure(hubs, people).line()}", flush=True)
    members = 10_000 if quick else 100_000
    _say(f"{members:,} members in one hub, no latency")
    size = Size(members, members // 5, members // 2, members + members // 4)
    print("\n".join(table([measure(size, 1)])), flush=True)
    days = 60 if quick else 365
    _say(f"A small hub, checked on {days} days")
    print("\n".join(a_year.measure(days)), flush=True)
    print(f"\nThe whole measurement took {(time.monotonic() - began) / 60:.0f} minutes.")


def _say(title: str) -> None:
    print(f"\n## {title}\n", flush=True)


if __name__ == "__main__":
    main()
