"""The container, the composition and the unit say what the service needs, and nothing less safe."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ui.graceful import SECONDS_TO_FINISH, SECONDS_TO_LEAVE

ROOT = Path(__file__).parent.parent
UNIT = ROOT / "deploy" / "assistant-elus.service"


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    read = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(read["volumes"]) == {"donnees", "modele", "base"}
    services: dict[str, Any] = read["services"]
    return services


def test_only_this_machine_reaches_the_service_and_nobody_the_database(services: dict[str, Any]) -> None:
    assert services["assistant"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in services["base"]


def test_images_are_official_ones_of_no_named_registry(services: dict[str, Any]) -> None:
    first_line = re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert first_line
    for image in (services["base"]["image"], services["assistant"]["image"], first_line[1]):
        assert "/" not in image


def test_every_service_has_a_healthcheck_and_no_password_is_written_down(services: dict[str, Any]) -> None:
    assert all("healthcheck" in service for service in services.values())
    written = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert written.count("${POSTGRES_PASSWORD:?") == 2
    assert services["base"]["environment"]["POSTGRES_PASSWORD"].startswith("${")


def test_both_leave_the_time_to_finish_answers(services: dict[str, Any]) -> None:
    needed = SECONDS_TO_FINISH + SECONDS_TO_LEAVE
    assert float(services["assistant"]["stop_grace_period"].removesuffix("s")) > needed
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(encoding="utf-8"), re.M)
    assert stop and float(stop[1]) > needed


def test_the_container_runs_as_nobody_in_particular_and_takes_torch_first() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    steps = [line for line in lines if line.startswith(("RUN pip", "USER", "ENTRYPOINT", "ARG"))]
    assert [step.split()[0] for step in steps] == ["ARG", "RUN", "RUN", "USER", "ENTRYPOINT"]
    assert "$TORCH" in steps[1] and steps[3] == "USER elus"
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    assert f'ARG TORCH="{wanted[0]}"' == steps[0]


def test_what_the_container_copies_is_what_the_build_is_given() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    names = {name for line in copied for name in line.split()}
    given = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert given[0] == "*"
    assert names <= {line.removeprefix("!") for line in given if line.startswith("!")}
    assert all((ROOT / name).exists() for name in names)


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    systemd = shutil.which("systemd-analyze")
    if systemd is None:
        pytest.skip("systemd-analyze is not installed")
    # It also looks for the program, which is not there.
    there = tmp_path / UNIT.name
    there.write_text(
        re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")), encoding="utf-8"
    )
    checked = subprocess.run([systemd, "verify", str(there)], capture_output=True, text=True, timeout=60)
    assert checked.stderr == "" and checked.returncode == 0
