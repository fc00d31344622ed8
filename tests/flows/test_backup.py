"""A backup, a lost home, and the way back."""

import asyncio
import json
import shutil
import tarfile
from pathlib import Path
from typing import Any

import pytest

from flows.backup import back_up, put_back
from flows.checking.job import alone
from flows.opening.ledger import ledger_of
from tasks.errors import HubBusy, InputError, LedgerError
from tasks.ledger.verify import verify
from tasks.reports import read_report
from tests.flows.owned_hub import OwnedHub

Rows = list[tuple[Any, ...]]


def _facts(hub: OwnedHub) -> tuple[str, Rows, int, str]:
    """Return what has to be the same: the report's digest, members as they were, and the ledger's end."""
    (report_id,) = hub.ws.rows("select report_id from checks where report_id is not null")[0]
    members = hub.ws.rows("select * from members order by all")
    with ledger_of(hub.settings) as ledger, ledger.reading() as book:
        head = book.head()
    return read_report(hub.settings.home, report_id)["digest"], members, head.seq, head.hash


def _repacked(file: Path, to: Path, change: dict[str, bytes]) -> Path:
    """Pack the files of a backup anew, some of them with another content."""
    with tarfile.open(file) as old, tarfile.open(to, "w:gz") as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            content = change.get(member.name, data.read())
            part = to.with_name("part")
            part.write_bytes(content)
            new.add(part, member.name)
        for name in change.keys() - set(old.getnames()):
            part.write_bytes(change[name])
            new.add(part, name)
    return to


def test_backup_wipe_restore_gives_the_same_report_digest_history_and_ledger(owned: OwnedHub) -> None:
    """After all of the workspace is lost, everything is as it was; no secret, no other file is within."""
    before, settings, file = _facts(owned), owned.settings, owned.ws.folder / "kept.tar.gz"
    config = owned.ws.config.read_bytes()
    (settings.home / "up.json").write_text('{"login": "a-password"}')
    saved = back_up(settings, file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert saved.secrets == ("env:TOKEN_agency", "env:WRITE_agency")
    with tarfile.open(file) as packed:
        names = packed.getnames()
        content = b"".join(f.read() for m in packed if (f := packed.extractfile(m)))
    assert "home/up.json" not in names
    for secret in (owned.ws.box.world.access_token, owned.ws.box.world.write_token, "a-password"):
        assert secret.encode() not in content
    assert not list(settings.home.glob(".backup-*"))

    shutil.rmtree(settings.home)
    owned.ws.config.unlink()
    back, notes = put_back(file, settings.home, owned.ws.config)

    assert (back.head, owned.ws.config.read_bytes()) == (saved.head, config)
    assert any("env:TOKEN_agency" in note for note in notes)
    assert _facts(owned) == before
    assert owned.ledger_ok()
    assert settings.home.stat().st_mode & 0o777 == 0o700
    assert {f.stat().st_mode & 0o777 for f in settings.home.rglob("*") if f.is_file()} == {0o600}
    with ledger_of(settings) as ledger:
        assert verify(ledger, [(before[2], before[3])]).witnessed_up_to == before[2]
    assert [c for c in owned.check().report["changes"] if c["kind"] == "member_added"] == []


def test_what_was_altered_cut_or_added_is_refused_and_nothing_is_left(owned: OwnedHub) -> None:
    """A restored home is the saved one or none: not of an altered file, nor of a chain written anew."""
    folder, home = owned.ws.folder, owned.ws.folder / "new" / "home"
    file = folder / "kept.tar.gz"
    back_up(owned.settings, file)
    with tarfile.open(file) as packed:
        data = packed.extractfile("manifest.json")
        assert data is not None
        manifest = json.loads(data.read())
    forged = json.dumps(manifest | {"head": manifest["head"] | {"hash": "0" * 64}}).encode()
    outside = dict(manifest, files=manifest["files"] | {"../evil": {"sha256": "0" * 64, "bytes": 1}})

    def refused(name: str, error: type[Exception], words: str, change: dict[str, bytes]) -> None:
        spoilt = _repacked(file, folder / f"{name}.tar.gz", change)
        with pytest.raises(error, match=words):
            put_back(spoilt, home, home.parent / "hubroster.toml")

    refused("altered", InputError, "not what was saved", {"home/pseudonym.key": b"x" * 32})
    refused("added", InputError, "which no backup", {"home/secrets/x": b"x"})
    refused(
        "escaped",
        InputError,
        "which no backup",
        {"manifest.json": json.dumps(outside).encode(), "../evil": b"x"},
    )
    refused("forged", LedgerError, "not what was written", {"manifest.json": forged})
    refused(
        "newer",
        InputError,
        "newer hubroster",
        {"manifest.json": json.dumps(manifest | {"format": 2}).encode()},
    )
    refused("none", InputError, "no manifest", {"manifest.json": b"[]"})
    cut = folder / "cut.tar.gz"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(InputError, match="damaged"):
        put_back(cut, home, home.parent / "hubroster.toml")
    assert not list(home.parent.iterdir())


def test_a_home_with_anything_in_it_and_a_file_that_is_there_stay_untouched(owned: OwnedHub) -> None:
    file = owned.ws.folder / "kept.tar.gz"
    back_up(owned.settings, file)
    was = file.read_bytes()

    with pytest.raises(InputError, match="there already"):
        back_up(owned.settings, file)
    with pytest.raises(InputError, match="not empty"):
        put_back(file, owned.settings.home, owned.ws.config)
    assert file.read_bytes() == was


def test_a_backup_waits_for_a_check_and_says_who_holds_it(owned: OwnedHub) -> None:
    """Halfway through a check the warehouse knows what no report says yet."""
    settings = owned.settings
    short = settings.model_copy(
        update={"warehouse": settings.warehouse.model_copy(update={"lock_wait_s": 0.2})}
    )
    file = owned.ws.folder / "kept.tar.gz"

    async def while_checking() -> None:
        async with alone(settings, "agency"):
            with pytest.raises(HubBusy, match="agency is being checked by process"):
                await asyncio.to_thread(back_up, short, file)

    asyncio.run(while_checking())
    assert not file.exists()
    assert not list(settings.home.glob(".backup-*"))
