"""Which published files stay, and which one is the newest."""

from pathlib import Path

from tasks.warehouse.snapshot import newest, prune_snapshots, published_files


def publish_empty(folder: Path, *stems: str) -> None:
    for stem in stems:
        for kind in ("full", "masked"):
            (folder / f"{stem}-{kind}.duckdb").touch()


def test_only_the_newest_stay_and_both_files_of_each(tmp_path: Path) -> None:
    publish_empty(
        tmp_path, "northwind-20261101T020000Z", "northwind-20261102T020000Z", "northwind-20261102T020000Z-2"
    )

    assert prune_snapshots(tmp_path, "Northwind", 2) == 2
    assert {path.stem.rpartition("-")[0] for path in published_files(tmp_path)} == {
        "northwind-20261102T020000Z",
        "northwind-20261102T020000Z-2",
    }


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    publish_empty(tmp_path, "southwind-20261101T020000Z", "northwind-notes", "northwind-20261101T020000Z")

    prune_snapshots(tmp_path, "Northwind", 1)

    assert len(published_files(tmp_path)) == 6


def test_a_pointer_to_files_that_are_gone_points_to_nothing(tmp_path: Path) -> None:
    assert newest(tmp_path) is None
    (tmp_path / "latest.json").write_text(
        f'{{"full": "{tmp_path}/a.duckdb", "masked": "{tmp_path}/b.duckdb"}}'
    )
    assert newest(tmp_path) is None
    (tmp_path / "latest.json").write_text("not json")
    assert newest(tmp_path) is None
