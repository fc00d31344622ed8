"""The measurements of docs/performance.md: `make bench`, or `make bench-quick`. Longer ones: long.py."""

import argparse
import os
import platform
import time

from tests.bench import against_sdk, applying, weighed_again, with_server
from tests.bench.whole_check import Size, measure, plain_slope, slope, table


def main() -> None:
    """Print the figures as Markdown, in the order of docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one run of each")
    quick = parser.parse_args().quick
    times = 1 if quick else 3
    began = time.monotonic()
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print("\n## Against the official SDK, 50 ms a request\n")
    members, pages, ad_accounts = (100, 40, 60) if quick else (500, 200, 300)
    _say(
        against_sdk.measure(members=members, pages=pages, ad_accounts=ad_accounts, latency_ms=50, times=times)
    )
    print("\n## Carrying out what was approved, 50 ms a request\n")
    members, removals = (1_200, 100) if quick else (12_000, 1_000)
    _say(applying.measure(members=members, removals=removals, latency_ms=50))
    print("\n## What Prefect adds, with a server running\n")
    _say(with_server.measure(times + 2))
    print("\n## Matching, when little is new\n")
    days = [weighed_again.measure(*size).line() for size in weighed_again.SIZES[: 2 if quick else None]]
    _say([weighed_again.HEAD, *days])
    print("\n## The whole check, no latency\n")
    small = measure(Size(40, 30, 25, 200_000), times)
    sizes = [Size(100, 20, 50, 500), Size(1_000, 200, 500, 5_000), Size(10_000, 2_000, 5_000, 50_000)]
    if not quick:
        sizes = [*sizes[1:], Size(100_000, 20_000, 50_000, 500_000)]
    grown = [measure(size, times if size.members <= 10_000 else 1) for size in sizes]
    _say(table([small, *grown]))
    print(f"\nFrom {sizes[0].members:,} to {sizes[-1].members:,} members, log-log slope of the first check:")
    print(f"{slope(grown):.2f}, without Prefect {plain_slope(grown):.2f}.")
    print(f"\nThe whole measurement took {(time.monotonic() - began) / 60:.1f} minutes.")


def _say(lines: list[str]) -> None:
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
