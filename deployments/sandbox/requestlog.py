"""What was asked at the Graph API, one row per HTTP request; never a token (design §12)."""

from datetime import UTC, datetime

Row = dict[str, object]


class RequestLog:
    """The rows in order of arrival. `at` is real time, not Meta's clock: benches measure by it."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def arrived(self, method: str, path: str, edge: str | None) -> Row:
        """Open the row of a request; `status` is filled in with the answer, and stays null without one."""
        at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        row: Row = {"at": at, "method": method, "path": path, "edge": edge, "status": None, "items": []}
        self.rows.append(row)
        return row
