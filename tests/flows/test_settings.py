"""The configuration file: what is needed, what is refused, and in which words."""

from pathlib import Path

import pytest

from flows.secret_refs import resolve
from flows.settings import Settings, load_settings
from tasks.errors import SettingsError

SMALLEST = """\
[workspace]
name = "Northwind"
[[directory]]
path = "people.csv"
[[hubs]]
label = "acme"
business_id = "1234567890"
app_id = "2345678901"
token = "env:ACME_META_TOKEN"
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HUBROSTER_CONFIG", "HUBROSTER_HOME", "HUBROSTER_CLOCK_S"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "hubroster.toml"
    path.write_text(SMALLEST)
    return path


def load(config: Path, text: str) -> Settings:
    config.write_text(text)
    return load_settings(config)


def test_a_workspace_a_directory_and_a_hub_are_enough(config: Path) -> None:
    settings = load_settings(config)

    assert settings.hub("acme").login_method == "sso"
    assert settings.directory[0].max_age_h == 36
    assert settings.meta.api_version == "v26.0"
    assert settings.policy.min_admins == 2


def test_relative_paths_start_at_the_configuration_file(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")

    settings = load_settings(config)

    assert settings.home == tmp_path / ".hubroster"
    assert settings.beside_config(settings.directory[0].path) == tmp_path / "people.csv"
    assert settings.snapshot_dir == tmp_path / "snapshots"


def test_the_environment_names_the_file_and_the_home(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBROSTER_CONFIG", str(config))
    monkeypatch.setenv("HUBROSTER_HOME", str(tmp_path / "elsewhere"))

    assert load_settings().home == tmp_path / "elsewhere"


def test_hubs_may_stand_one_per_file_beside_it(config: Path, tmp_path: Path) -> None:
    (tmp_path / "hubs.d").mkdir()
    (tmp_path / "hubs.d" / "shop.toml").write_text(
        'label = "shop"\nbusiness_id = "5"\napp_id = "6"\ntoken = "env:SHOP"\n'
    )

    assert [hub.label for hub in load_settings(config).hubs] == ["acme", "shop"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            ('path = "people.csv"', 'path = "people.csv"\nmax_agee_h = 3'),
            "line 5: unknown key 'directory[1].max_agee_h'; did you mean 'max_age_h'?",
        ),
        (
            ('label = "acme"', 'label = "acme"\nfoo = 1'),
            "line 7: unknown key 'hubs[1].foo'; known here: app_id",
        ),
        (("[workspace]", "[workspaces]"), "unknown key 'workspaces'; did you mean 'workspace'?"),
        (
            ('business_id = "', 'busines_id = "'),
            "unknown key 'hubs[1].busines_id'; did you mean 'business_id'?",
        ),
        (('business_id = "1234567890"\n', ""), "'hubs[1].business_id' is missing"),
        (('business_id = "1234567890"', "business_id = 1234567890"), "line 7: 'hubs[1].business_id'"),
        (('name = "Northwind"', 'name = "Northwind"\ntimezone = "Mars/Base"'), "unknown time zone"),
        (("[workspace]", "[workspace"), "not valid TOML"),
        (("env:ACME_META_TOKEN", "abcdef-the-token-itself"), "given by reference"),
        (("[[hubs]]", "[hubs]"), "'hubs': write [[hubs]], in double brackets"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(config: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(config, SMALLEST.replace(*change))

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "abcdef" not in str(caught.value)


@pytest.mark.parametrize(
    ("section", "line", "says"),
    [
        ("hubs", 'sandbox = "yes"', "'hubs[1].sandbox': write true or false, without quotes"),
        ("hubs", "sandbox = 1", "write true or false, without quotes"),
        ("hubs", 'owners = "ana@northwind.example"', 'write a list, like ["one", "two"]'),
        ("directory", 'max_age_h = "36"', "write a number, without quotes"),
        ("workspace", "check_at = 18000", "write it as text, in quotes"),
        ("workspace", 'check_at = "5"', "write a time of the day like 05:00"),
        ("meta", "wait_s = true", "write a number, without quotes"),
        ("policy", 'min_admins = "2"', "write a whole number, without quotes"),
        ("policy", "min_admins = 0", "it must be greater than or equal to 1"),
        ("mail", 'tls = "on"', "write true or false, without quotes"),
        ("metrics", "allow = [10]", "write it as text, in quotes"),
        ("policy", 'two_approvers_for = ["remove:Admin"]', "write KIND:ROLE like remove:ADMIN"),
        ("policy", 'two_approvers_for = ["remov:ADMIN"]', "kinds are remove, set_role"),
        ("hubs", 'skip = ["business_users"]', "'business_users' can't be skipped; what can: activities"),
    ],
)
def test_a_value_that_is_none_is_refused_and_never_guessed_at(
    config: Path, section: str, line: str, says: str
) -> None:
    header = next((one for one in (f"[[{section}]]", f"[{section}]") if one in SMALLEST), "")
    text = SMALLEST.replace(header, f"{header}\n{line}") if header else f"{SMALLEST}[{section}]\n{line}\n"

    with pytest.raises(SettingsError) as caught:
        load(config, text)

    assert says in str(caught.value)
    assert ", line " in str(caught.value)


def test_a_whole_number_is_good_where_a_fraction_could_stand(config: Path) -> None:
    assert load(config, f"{SMALLEST}[meta]\nwait_s = 9\n").meta.wait_s == 9


def test_two_hubs_of_one_label_are_refused(config: Path) -> None:
    hub = SMALLEST[SMALLEST.index("[[hubs]]") :]

    with pytest.raises(SettingsError, match="two hubs are called 'acme'"):
        load(config, SMALLEST + hub)


def test_the_clock_moves_for_sandboxes_only(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUBROSTER_CLOCK_S", "86400")
    with pytest.raises(SettingsError, match="sandbox hubs only"):
        load_settings(config).now()

    moved = load(config, SMALLEST + "sandbox = true\n").now()
    monkeypatch.delenv("HUBROSTER_CLOCK_S")

    assert (moved - load_settings(config).now()).total_seconds() == pytest.approx(86400, abs=60)


def test_secrets_come_from_the_environment_a_private_file_or_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_TOKEN", "sesame-1")
    (tmp_path / "token").write_text("sesame-2\n")
    (tmp_path / "token").chmod(0o600)

    assert resolve("env:A_TOKEN", tmp_path).get_secret_value() == "sesame-1"
    assert resolve("file:token", tmp_path).get_secret_value() == "sesame-2"
    assert resolve("command:echo sesame-3", tmp_path).get_secret_value() == "sesame-3"


def test_a_secret_that_others_can_read_or_that_is_missing_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("sesame")
    (tmp_path / "token").chmod(0o644)
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)

    with pytest.raises(SettingsError, match="chmod 600"):
        resolve("file:token", tmp_path)
    with pytest.raises(SettingsError, match="empty or not set"):
        resolve("env:NO_SUCH_TOKEN", tmp_path)
    with pytest.raises(SettingsError, match="can't be had"):
        resolve("command:false", tmp_path)


TWO_FILES = SMALLEST.replace("[[hubs]]", '[[directory]]\n{}path = "old/people.csv"\n[[hubs]]')


def test_two_directory_files_of_one_name_need_a_name_each(config: Path) -> None:
    settings = load(config, TWO_FILES.format('name = "old"\n'))

    assert [source.source for source in settings.directory] == ["file:people.csv", "old"]
    with pytest.raises(
        SettingsError, match=r"two directory sources are called 'file:people\.csv'; give each"
    ):
        load(config, TWO_FILES.format(""))


def test_what_a_word_of_the_directory_means_is_one_of_ours(config: Path) -> None:
    with pytest.raises(SettingsError, match=r"statuses\.Gone"):
        load(config, SMALLEST.replace("[[hubs]]", '[directory.statuses]\nGone = "away"\n[[hubs]]'))
