"""What was changed behind the ledger's back is found, and the row is named."""

import json

import pytest
from sqlalchemy.exc import DBAPIError

from tasks.errors import LedgerError
from tasks.ledger.entry import hash_of, payload_text
from tasks.ledger.export import export, head_of
from tasks.ledger.tables import entries as table
from tasks.ledger.verify import verify
from tests.tasks.ledger_scene import Scene

CHANGED = {
    "at": "2026-03-02T09:00:03.000001+00:00",
    "hub": "other",
    "actor": "person:bob",
    "identified_by": "cli",
    "kind": "withdrawn",
    "payload": '{"change":"c9"}',
    "previous_hash": "f" * 64,
    "hash": "e" * 64,
}


def test_a_whole_ledger_is_whole(scene: Scene) -> None:
    assert verify(scene.ledger).ok
    entries = scene.write(5)
    verdict = verify(scene.ledger, [(0, "0" * 64), (3, entries[2].hash), (2, entries[1].hash.upper())])

    assert (verdict.ok, verdict.entries, verdict.first_broken, verdict.witnessed_up_to) == (True, 5, None, 3)


@pytest.mark.parametrize("column", CHANGED)
def test_a_change_of_any_column_is_found(scene: Scene, column: str) -> None:
    scene.write(5)
    scene.spoil(f"update entries set {column} = :value where seq = 3", value=CHANGED[column])
    verdict = verify(scene.ledger)

    assert (verdict.ok, verdict.first_broken, verdict.entries) == (False, 3, 2)
    assert "3" in verdict.reason


@pytest.mark.parametrize("column", CHANGED)
def test_noise_in_the_last_entry_is_found_and_told_to_who_reads_it(scene: Scene, column: str) -> None:
    scene.write(3)
    scene.spoil(f"update entries set {column} = :value where seq = 3", value="\n{noise")
    verdict = verify(scene.ledger)

    assert (verdict.ok, verdict.first_broken) == (False, 3)
    if column in ("at", "payload"):
        with pytest.raises(LedgerError, match="entry 3 of the ledger was changed: run"):
            scene.look()


def test_a_payload_that_means_the_same_in_other_words_is_found(scene: Scene) -> None:
    scene.write(2)
    scene.spoil("update entries set payload = :value where seq = 1", value='{"change": "c0"}')

    assert verify(scene.ledger).first_broken == 1


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("delete from entries where seq = 3", 3),
        ("delete from entries where seq < 3", 1),
        ("update entries set seq = seq + 100 where seq >= 4", 4),
        ("insert into entries select 0, at, hub, actor, identified_by, kind, payload, previous_hash, 'x'"
         " from entries where seq = 1", 1),
    ],
)  # fmt: skip
def test_missing_moved_and_added_entries_are_found(scene: Scene, statement: str, broken: int) -> None:
    scene.write(5)
    scene.spoil(statement)

    assert verify(scene.ledger).first_broken == broken


def test_a_cut_end_is_found_by_a_witness_only(scene: Scene) -> None:
    entries = scene.write(5)
    scene.spoil("delete from entries where seq > 3")

    assert verify(scene.ledger).ok
    verdict = verify(scene.ledger, [(2, entries[1].hash), (5, entries[4].hash)])
    assert (verdict.ok, verdict.first_broken, verdict.witnessed_up_to) == (False, 4, 2)
    assert "cut off" in verdict.reason


def test_a_chain_written_anew_is_found_by_a_witness_only(scene: Scene) -> None:
    entries = scene.write(3)
    previous = "0" * 64
    for entry in entries:
        row = {
            "seq": entry.seq,
            "at": entry.at.isoformat(timespec="microseconds"),
            "hub": entry.hub,
            "actor": "person:bob",
            "identified_by": entry.identified_by,
            "kind": entry.kind,
            "payload": payload_text(entry.payload),
            "previous_hash": previous,
        }
        row["hash"] = previous = hash_of(row)
        scene.spoil(
            "update entries set actor = :actor, previous_hash = :previous_hash, hash = :hash"
            " where seq = :seq",
            **row,
        )

    assert verify(scene.ledger).ok
    verdict = verify(scene.ledger, [(3, entries[2].hash)])
    assert (verdict.ok, verdict.first_broken, verdict.witnessed_up_to) == (False, 3, 0)


def test_the_database_itself_refuses_to_change_an_entry(scene: Scene) -> None:
    scene.write(1)
    for statement in (table.update().values(actor="x"), table.delete()):
        with pytest.raises(DBAPIError, match="never"), scene.ledger.writing() as book:
            book.change(statement)

    assert verify(scene.ledger).ok


def test_erasing_keeps_the_chain(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        ana = book.ref("person", "ana@example.com", name="Ana Silva", address="ana@example.com")
        why = book.text("left; told me so by ana@example.com")
        book.append("decided", hub="acme", actor=ana, identified_by="page", payload={"why": why, "m": "17"})
    with scene.ledger.writing() as book:
        book.erase(ana)
        book.erase(why)

    assert verify(scene.ledger).ok
    with scene.ledger.reading() as book:
        assert book.named([ana, why]) == {ana: {}, why: {}}
        assert book.find("person", "ana@example.com") is None
        assert book.entries()[0].actor == ana


def test_what_was_erased_is_in_no_file_any_more(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        ana = book.ref("person", "p1", name="Zebulon Quickwater")
    with scene.ledger.writing() as book:
        book.erase(ana)
    if scene.url == "sqlite":
        files = list(scene.home.glob("ledger.db*"))
        assert len(files) >= 1
        assert [file.name for file in files if b"Quickwater" in file.read_bytes()] == []


def test_what_is_exported_of_a_member_holds_every_answer_about_them_and_nobody_elses_name(
    scene: Scene,
) -> None:
    with scene.ledger.writing() as book:
        ana, priya, bill = (book.ref("person", one, name=one) for one in ("Ana", "Priya", "Bill"))
        asked = [
            {"id": "c1", "member_id": "1700001", "persons": [priya]},
            {"id": "c2", "member_id": "1700002", "persons": [bill]},
        ]
        for kind, payload in (
            ("review_opened", {"review": "acme-1", "asked": asked}),
            ("answered", {"review": "acme-1", "answers": {"c1": "remove", "c2": "keep"}}),
            ("answered", {"review": "acme-1", "answers": {"c2": "remove"}}),
            ("request_ended", {"change": "c1", "state": "declined"}),
        ):
            book.append(kind, hub="acme", actor=ana, identified_by="page", payload=payload)
    with scene.ledger.reading() as book:
        of_member = export(book, member="1700001")

    assert [(row["seq"], row["kind"]) for row in of_member] == [
        (1, "review_opened"),
        (2, "answered"),
        (4, "request_ended"),
    ]
    assert {ref for row in of_member for ref in row["names"]} == {ana, priya}
    for row in json.loads(json.dumps(of_member)):
        assert hash_of({**row, "payload": payload_text(row["payload"])}) == row["hash"]


def test_an_export_has_the_names_and_what_is_hashed(scene: Scene) -> None:
    with scene.ledger.writing() as book:
        ana = book.ref("person", "ana@example.com", name="Ana Silva")
        seat = book.ref("member", "1700001", name="Ana S.")
        book.append("decided", hub="acme", actor=ana, identified_by="page", payload={"member": seat})
        book.append("decided", hub="acme", actor=ana, identified_by="page", payload={"members": ["1700001"]})
        book.append("decided", hub="acme", actor=ana, identified_by="page", payload={"member": "1700002"})
        book.append("decided", hub="other", actor=ana, identified_by="page", payload={"member": "1700001"})
    with scene.ledger.reading() as book:
        all_rows = export(book)
        of_member = export(book, hub="acme", member="1700001")
        head = head_of(book)

    assert [row["seq"] for row in all_rows] == [1, 2, 3, 4]
    assert [row["seq"] for row in of_member] == [1, 2]
    assert of_member[0]["names"] == {
        ana: {"id": "ana@example.com", "name": "Ana Silva"},
        seat: {"id": "1700001", "name": "Ana S."},
    }
    for row in json.loads(json.dumps(all_rows)):
        assert hash_of({**row, "payload": payload_text(row["payload"])}) == row["hash"]
    assert (head["seq"], head["hash"]) == (4, all_rows[-1]["hash"])
