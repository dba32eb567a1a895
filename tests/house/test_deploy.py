"""What docs/deploy gives to administrators can be read by the programs it is for, and names what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from saas.config import load

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
HADOLINT = shutil.which("hadolint", path=str(Path(sys.executable).parent))
VERIFY = shutil.which("systemd-analyze")
SETTINGS = set(load({}).environ())
OF_LIBRARIES = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


@pytest.mark.skipif(HADOLINT is None, reason="hadolint is not there for this machine")
def test_the_containerfile_has_nothing_to_complain_of() -> None:
    done = subprocess.run([str(HADOLINT), DEPLOY / "Containerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_takes_every_package_of_the_service() -> None:
    copied = set(re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE))
    assert copied == {"saas", "tenants", "assessment", "templates", "migrations"}


def test_the_services_of_the_compose_file_have_settings_that_exist() -> None:
    services = COMPOSE["services"]
    ours = {name: each for name, each in services.items() if each["image"] == "charterway"}
    assert set(ours) == {"migrate", "web", "worker", "scheduler"}
    given = {name for each in ours.values() for name in each["environment"]}
    assert given <= SETTINGS
    assert [name for name, each in ours.items() if "DATABASE_OWNER_URL" in each["environment"]] == ["migrate"]
    for name, each in services.items():
        assert set(each.get("depends_on", {})) <= set(services), name
        named = {volume.partition(":")[0] for volume in each["volumes"] if not volume.startswith(".")}
        assert named <= set(COMPOSE["volumes"]), name
    assert (DEPLOY / ".." / ".." / "saas" / "roles.sql").is_file()


def test_the_settings_in_the_example_exist_and_the_owner_is_not_among_them() -> None:
    text = (DEPLOY / "environment.example").read_text()
    given = dict(line.split("=", 1) for line in text.splitlines() if not line.startswith("#"))
    assert set(given) <= SETTINGS - {"DATABASE_OWNER_URL"} | OF_LIBRARIES
    load(given | {"SECRET_KEY": "k" * 32})


def test_every_unit_is_confined_alike() -> None:
    walls = [
        "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectSystem", "ProtectHome", "RestrictNamespaces",
        "RestrictSUIDSGID", "CapabilityBoundingSet", "UMask", "User",
    ]  # fmt: skip
    for unit in UNITS:
        parsed = ConfigParser(interpolation=None, strict=False)
        parsed.optionxform = str  # type: ignore[assignment,method-assign]
        parsed.read(unit)
        assert [wall for wall in walls if wall not in parsed["Service"]] == [], unit.name
    owners = [unit.name for unit in UNITS if "/etc/charterway/owner" in unit.read_text()]
    assert owners == ["charterway-migrate.service"]


@pytest.mark.skipif(VERIFY is None, reason="systemd-analyze is not on this machine")
def test_systemd_reads_every_unit(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text().replace("/srv/charterway/.venv/bin/charterway", "/bin/true")
        (tmp_path / unit.name).write_text(text.replace("/srv/charterway/.venv/bin/gunicorn", "/bin/true"))
    paths = sorted(tmp_path.iterdir())
    done = subprocess.run([str(VERIFY), "verify", *paths], capture_output=True, text=True, check=False)
    about_ours = [line for line in done.stderr.splitlines() if "charterway" in line]
    assert (done.returncode, about_ours) == (0, [])
