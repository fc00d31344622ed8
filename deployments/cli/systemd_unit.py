"""The unit with which systemd runs `hubroster up`: for a user, without root, and without a secret in it."""

import re
import sys
from pathlib import Path

from flows.settings import Settings

_ENV = re.compile(r"""["']env:([A-Za-z_]\w*)["']""")
SECRETS = "%h/.config/hubroster/secrets.env"
UNIT = """\
# {home}: hubroster, for systemd. Without root:
#   hubroster up --systemd > ~/.config/systemd/user/hubroster.service
#   systemctl --user daemon-reload && systemctl --user enable --now hubroster
#   loginctl enable-linger $USER        # so that it runs after a reboot, and after you log out
# {secrets}
[Unit]
Description=hubroster: the roster of {name}
After=network-online.target
Wants=network-online.target
StartLimitIntervalSec=10min
StartLimitBurst=5

[Service]
Type=exec
ExecStart={python} -m deployments.cli up --port {port}
WorkingDirectory={folder}
Environment={config}
Environment={home_set}
EnvironmentFile=-{secrets_file}
Restart=on-failure
RestartSec=10
TimeoutStopSec=60
KillMode=mixed
UMask=0077
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ReadWritePaths={writes}
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
LockPersonality=yes
SystemCallArchitectures=native

[Install]
WantedBy=default.target
"""


def unit(settings: Settings, port: int) -> str:
    """Return the unit of this workspace. The folders that it may write to are made, as systemd needs them."""
    for path in (settings.home, settings.snapshot_dir):
        path.mkdir(mode=0o700 if path == settings.home else 0o755, parents=True, exist_ok=True)
    beside = sorted((settings.config_path.parent / "hubs.d").glob("*.toml"))
    texts = [path.read_text(encoding="utf-8") for path in (settings.config_path, *beside)]
    needed = sorted({name for text in texts for name in _ENV.findall(text)})
    told = f"{SECRETS} (0600) has to set: {', '.join(needed)}" if needed else "It needs no variable"
    return UNIT.format(
        name=_plain(settings.workspace.name),
        home=_plain(str(settings.home)),
        secrets=told,
        secrets_file=SECRETS,
        python=_quoted(sys.executable).replace("$", "$$"),  # a variable, in a command
        port=port,
        folder=_escaped(str(settings.config_path.parent)),
        config=_quoted(f"HUBROSTER_CONFIG={settings.config_path}"),
        home_set=_quoted(f"HUBROSTER_HOME={settings.home}"),
        writes=" ".join(_quoted(path) for path in _unique(settings.home, settings.snapshot_dir)),
    )


def _unique(*paths: Path) -> list[str]:
    return list(dict.fromkeys(str(path) for path in paths))


def _plain(text: str) -> str:
    """Return a text for a comment or a description: one line, no specifier."""
    return "".join(one if one.isprintable() else " " for one in text).replace("%", "%%")


def _escaped(text: str) -> str:
    return text.replace("%", "%%")


def _quoted(text: str) -> str:
    inner = _escaped(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"' if re.search(r"[\s\"\\;']", inner) else inner
