"""A command that needs no workspace, as a process of its own."""

import subprocess
import sys
from pathlib import Path


def hubroster(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "deployments.cli", *words],
        cwd=cwd, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
