"""The line to paste that opens a snapshot, with what is installed."""

import re
import shlex
import shutil
import sys
from pathlib import Path

_VIEW = "from roster.leavers_with_access"


def opening_line(snapshot: Path) -> str:
    """Return a shell command: DuckDB's own shell where there is one, else this Python showing who left."""
    if shutil.which("duckdb"):
        return f"duckdb -readonly {shlex.quote(str(snapshot))}"
    program = Path(sys.executable)
    if program.is_relative_to(Path.cwd()):
        program = program.relative_to(Path.cwd())
    code = f"import duckdb; duckdb.connect('{snapshot}', read_only=True).sql('{_VIEW}').show()"
    if not re.fullmatch(r"[\w./-]+", str(snapshot)):  # a path that quotes can't hold as it is
        code = f"import duckdb; duckdb.connect({str(snapshot)!r}, read_only=True).sql('{_VIEW}').show()"
        return f"{shlex.quote(str(program))} -c {shlex.quote(code)}"
    return f'{shlex.quote(str(program))} -c "{code}"'
