"""What can go wrong outside this program.

HubrosterError              an operator can act on it: one line, exit 1
├── SettingsError           the configuration can't be used
├── MetaError               Meta answered with a refusal, or not at all
│   ├── MetaUnreachable     no usable answer after retries
│   ├── MetaLimited         a rate limit that lasts longer than `[meta] wait_s`
│   ├── TokenRejected       the token is invalid, expired or not allowed to do anything
│   ├── PermissionMissing   the token may not read or do this one thing
│   ├── NotVisible          gone, or no access (100/33)
│   ├── TooMuchData         "reduce the amount of data" at the smallest page
│   ├── ExpansionRefused    the edge can't be read by field expansion
│   └── ListingBroken       the pages of a listing contradict each other
├── ClockOff                this machine's clock is not Meta's
│   └── ClockBehind         it is behind the ledger's last entry
├── DirectoryError          the workspace directory can't be read
├── WarehouseError          the DuckDB file can't be used
│   ├── WarehouseLocked     another process holds it
│   └── WarehouseOlder      it was made by an older hubroster: the next command but preflight migrates it
├── LedgerError             the ledger can't be used
│   └── LedgerBusy          another process is writing it
├── MailError               the mail server did not take a mail
├── HubBusy                 another check of the same hub is under way
├── PrefectUnreachable      the Prefect server that the environment names doesn't answer
└── InputError              a file that the user named can't be used
    └── UsageError          the command was called in a way that it doesn't have: exit 2

All arguments go to Exception.__init__, so that every error survives the pickling that Prefect does.
"""


class HubrosterError(Exception):
    """An operator can act on it: what happened, to what, and what to do."""


class SettingsError(HubrosterError):
    """The configuration can't be used; the message names the file and the key."""


class MetaError(HubrosterError):
    """Meta refused or didn't answer. `code`, `subcode` and `trace_id` are Meta's, as far as it sent them."""

    def __init__(
        self, message: str, code: int | None = None, subcode: int | None = None, trace_id: str | None = None
    ) -> None:
        super().__init__(message, code, subcode, trace_id)
        self.message, self.code, self.subcode, self.trace_id = message, code, subcode, trace_id

    def __str__(self) -> str:
        parts = [
            f"{name} {value}"
            for name, value in (
                ("code", self.code),
                ("subcode", self.subcode),
                ("fbtrace_id", self.trace_id),
            )
            if value is not None
        ]
        return f"{self.message} ({', '.join(parts)})" if parts else self.message


class MetaUnreachable(MetaError):
    """No usable answer after all retries: network, 5xx, cut bodies, transient codes."""


class MetaLimited(MetaError):
    """A rate limit that lasts longer than the operator allows to wait."""


class TokenRejected(MetaError):
    """The token is invalid, expired, or blocked: nothing more can be read with it."""


class PermissionMissing(MetaError):
    """The token may not read or do this one thing."""


class NotVisible(MetaError):
    """Gone, or no access: Meta doesn't say which (100/33)."""


class TooMuchData(MetaError):
    """Meta asks to reduce the amount of data, at the smallest page there is."""


class ExpansionRefused(MetaError):
    """Meta can't read this edge by field expansion."""


class ListingBroken(MetaError):
    """The pages of a listing contradict each other: a cursor seen twice, a total that stays wrong."""


class ClockOff(HubrosterError):
    """This machine's clock is not Meta's: every time that a check would write is wrong."""


class ClockBehind(ClockOff):
    """The clock is behind the ledger's last entry: nothing is written until it is right."""


class DirectoryError(HubrosterError):
    """The workspace directory can't be read; the message names the source."""


class WarehouseError(HubrosterError):
    """The DuckDB file can't be used."""


class WarehouseLocked(WarehouseError):
    """Another process holds the warehouse for longer than `lock_wait_s`."""


class WarehouseOlder(WarehouseError):
    """An older hubroster made it: it has to be brought up to date before it can be read."""


class LedgerError(HubrosterError):
    """The ledger can't be used: its file or database is missing, foreign, damaged, newer or full."""


class LedgerBusy(LedgerError):
    """Another process is writing the ledger for longer than we wait."""


class MailError(HubrosterError):
    """The mail server did not take a mail; `passing` says that it may take it later."""

    def __init__(self, message: str, passing: bool = False) -> None:
        super().__init__(message, passing)
        self.message, self.passing = message, passing

    def __str__(self) -> str:
        return self.message


class HubBusy(HubrosterError):
    """Another check of the same hub is under way."""


class PrefectUnreachable(HubrosterError):
    """The Prefect server that the environment names doesn't answer."""


class InputError(HubrosterError):
    """A file that the user named can't be used."""


class UsageError(InputError):
    """The command was called in a way that it doesn't have: exit 2."""
