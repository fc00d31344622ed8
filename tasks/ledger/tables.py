"""The tables of the ledger, as SQLAlchemy needs to know them; what they mean stands in the migrations."""

from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table
from sqlalchemy import Text as PlainText
from sqlalchemy.types import TypeDecorator

from tasks.ledger.entry import well_formed


class Text(TypeDecorator[str]):
    """Text that any database takes, whatever somebody typed or put into an address: see `well_formed`."""

    impl = PlainText
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        """Return what is written, or asked for."""
        return None if value is None else well_formed(value)


_all = MetaData()

entries = Table(
    "entries",
    _all,
    Column("seq", Integer, primary_key=True),
    *(Column(name, Text) for name in ("at", "hub", "actor", "identified_by", "kind", "payload")),
    Column("previous_hash", Text),
    Column("hash", Text),
)
names = Table("names", _all, *(Column(name, Text) for name in ("ref", "what", "id", "facts")))
ledger_secrets = Table("ledger_secrets", _all, Column("name", Text), Column("value", Text))
codes = Table(
    "codes",
    _all,
    *(Column(name, Text) for name in ("hash", "purpose", "hub", "review", "owner", "meaning")),
    *(Column(name, Text) for name in ("issued_at", "expires_at", "used_at", "voided_at")),
)
tries = Table("tries", _all, Column("scope", Text), Column("wrong", Integer), Column("last_at", Text))
sessions = Table(
    "sessions",
    _all,
    *(Column(name, Text) for name in ("hash", "owner", "purpose", "review", "opened_at", "expires_at")),
)
leases = Table("leases", _all, *(Column(name, Text) for name in ("name", "holder", "expires_at")))
