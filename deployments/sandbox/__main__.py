"""`python -m deployments.sandbox`: the stand-in world without the rest of the program."""

import sys
from argparse import ArgumentParser
from pathlib import Path

from deployments.sandbox.server import run_sandbox


def main(argv: list[str] | None = None) -> int:
    """Run the sandbox with the flags of `hubroster sandbox`; return its exit code."""
    parser = ArgumentParser(
        prog="python -m deployments.sandbox", description="A stand-in for Meta and a directory."
    )
    for name, kind, default in (
        ("port", int, 0),
        ("seed", int, 1),
        ("members", int, 40),
        ("pages", int, 30),
        ("ad-accounts", int, 25),
        ("directory", int, 120),
        ("hidden-emails", float, 0.2),
        ("latency-ms", float, 0.0),
        ("faults", Path, None),
    ):
        parser.add_argument(f"--{name}", type=kind, default=default)
    parser.add_argument("--json", action="store_true", dest="json_line", help="one JSON line when ready")
    return run_sandbox(**vars(parser.parse_args(argv)))


if __name__ == "__main__":
    sys.exit(main())
