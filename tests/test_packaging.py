"""What is installed is this checkout, whole; names collide with nobody; pins are plain and fit the ranges."""

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
OURS = ("matching", "tasks", "flows", "deployments")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONSTRAINTS = ("constraints.txt", "constraints-dev.txt")  # of .venv
BENCH = "constraints-bench.txt"  # of .venv-bench, where other programs want other versions


@pytest.mark.parametrize("name", OURS)
def test_each_of_our_packages_is_the_one_of_this_checkout(name: str, tmp_path: Path) -> None:
    code = "import importlib, sys; print(*importlib.import_module(sys.argv[1]).__path__, sep='\\n')"
    # from elsewhere and without pytest's own path: what the installed command finds
    done = subprocess.run(
        [sys.executable, "-Ic", code, name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert [Path(line).resolve() for line in done.stdout.splitlines()] == [ROOT / name]


@pytest.mark.parametrize("name", OURS)
def test_nobody_else_ships_a_package_of_that_name(name: str) -> None:
    shipped_by = importlib.metadata.packages_distributions().get(name, [])

    assert {canonicalize_name(one) for one in shipped_by} <= {"hubroster"}
    assert name not in sys.stdlib_module_names


def test_no_file_of_the_flows_hides_another_package() -> None:
    # a flow that Prefect loads by its path has that file's folder first among the places to import from
    taken = {*importlib.metadata.packages_distributions(), *sys.stdlib_module_names, *OURS}
    files = [path for path in (ROOT / "flows").rglob("*.py") if path.name != "__init__.py"]

    assert files
    assert [str(path.relative_to(ROOT)) for path in files if path.stem in taken] == []


def shipped_files() -> Iterator[str]:
    """Yield what the wheel has to hold: every file of our packages, by its name in the archive."""
    for name in OURS:
        for path in (ROOT / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(folder),
        str(ROOT),
    ]
    if importlib.util.find_spec("hatchling"):
        command.append("--no-build-isolation")
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if "ERROR" in line] or ["?"]
        why = f"no wheel can be built here: {told[0].strip()}"
        # without a registry there is no hatchling; with it, or in CI, a wheel that can't be built is ours
        if os.environ.get("CI") == "true" or "hatchling" not in done.stderr:
            pytest.fail(f"{why}\n{done.stderr}")
        pytest.skip(why)
    (file,) = folder.glob("hubroster-*.whl")
    return zipfile.ZipFile(file)


def test_the_wheel_holds_all_our_files_sql_and_toml_included(wheel: zipfile.ZipFile) -> None:
    held, wanted = set(wheel.namelist()), set(shipped_files())

    assert {path.rpartition(".")[2] for path in wanted} >= {"py", "sql", "toml"}
    assert wanted - held == set()


def test_the_wheel_holds_nothing_else_and_the_command(wheel: zipfile.ZipFile) -> None:
    tops = {name.partition("/")[0] for name in wheel.namelist()}
    info = f"hubroster-{PROJECT['version']}.dist-info"

    assert tops == {*OURS, info}
    assert not [name for name in wheel.namelist() if "__pycache__" in name]
    assert "hubroster = deployments.cli.main:run" in wheel.read(f"{info}/entry_points.txt").decode()


def test_no_registry_takes_it_by_mistake() -> None:
    assert "Private :: Do Not Upload" in PROJECT["classifiers"]


def pins(*files: str) -> dict[str, str]:
    """Return the pinned version of every package in these files."""
    lines = [line for file in files for line in (ROOT / file).read_text(encoding="utf-8").splitlines()]
    pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pairs}


@pytest.mark.parametrize("file", [*CONSTRAINTS, BENCH])
def test_constraints_are_plain_pins_and_comments_without_hosts(file: str) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith("#")]

    assert pinned
    for line in pinned:
        assert re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?==[0-9][0-9A-Za-z.+!]*", line), line
    for line in lines:
        assert not re.search(r"://|@|\.(org|com|net|io)\b", line), line
    names = [canonicalize_name(line.partition("==")[0]) for line in pinned]
    assert len(names) == len(set(names))


def test_no_package_is_pinned_in_both_files() -> None:
    assert set(pins(CONSTRAINTS[0])) & set(pins(CONSTRAINTS[1])) == set()


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_every_dependency_is_pinned_to_a_version_in_its_range(text: str) -> None:
    wanted = Requirement(text)
    pinned = pins(CONSTRAINTS[0])

    assert canonicalize_name(wanted.name) in pinned
    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("text", PROJECT["optional-dependencies"]["bench"])
def test_every_anchor_is_pinned_to_a_version_in_its_range(text: str) -> None:
    wanted = Requirement(text)
    pinned = pins(BENCH)

    assert canonicalize_name(wanted.name) in pinned
    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("text", PROJECT["optional-dependencies"]["dev"])
def test_every_tool_is_pinned_to_a_version_in_its_range(text: str) -> None:
    wanted = Requirement(text)
    pinned = pins(*CONSTRAINTS)

    assert canonicalize_name(wanted.name) in pinned
    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


def test_every_dependency_is_bounded_on_both_sides() -> None:
    for text in PROJECT["dependencies"]:
        operators = {clause.operator for clause in Requirement(text).specifier}
        assert operators >= {">=", "<"}, text
