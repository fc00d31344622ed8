"""Runs a command and prints one line of JSON: seconds, peak memory, exit code, the end of its standard error.

    python -S tests/bench/measured.py OUT SECONDS COMMAND...

A process of its own, and a small one: Linux counts to a new process the memory that its parent had when it
was started, so a peak taken by a parent that holds tables says nothing. Standard output goes to OUT.
"""

import json
import os
import subprocess
import sys
import threading
import time


def main(out: str, seconds: str, *command: str) -> None:
    """Run the command, kill it after so many seconds, and say what it took."""
    with open(out, "wb") as output:  # noqa: PTH123 - pathlib would make this process larger
        began = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE)
        late = threading.Timer(float(seconds), process.kill)
        late.start()
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        late.cancel()
    took = {"wall_s": wall, "peak_mb": usage.ru_maxrss / 1024, "code": process.returncode}
    took["cpu_s"] = usage.ru_utime + usage.ru_stime
    sys.stdout.write(json.dumps(took | {"said": said.decode(errors="replace")[-2000:]}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
