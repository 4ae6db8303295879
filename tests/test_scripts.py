"""The scripts behind `make run` and `make test`, with apt-get, sudo and python replaced by small stand-ins."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Machine:
    """A machine whose commands are those written with `has`, before the real ones."""

    bin: Path

    def has(self, name: str, script: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{self.bin}:/usr/bin:/bin", "LANG": "C.UTF-8"}
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )

    def calls(self) -> list[str]:
        log = self.bin / "calls"
        return log.read_text("utf-8").splitlines() if log.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine of an ordinary user without sudo, where apt-get notes what it is asked and installs `newtool`."""
    machine = Machine(tmp_path)
    machine.has("id", "echo 1000")
    machine.has("sudo", "exit 1")
    installs = f"printf '#!/bin/sh\\n' > {tmp_path}/newtool; chmod +x {tmp_path}/newtool"
    machine.has("apt-get", f'echo "$@" >> {tmp_path}/calls; case "$*" in *install*) {installs};; esac')
    return machine


def test_nothing_is_done_when_nothing_is_missing(machine: Machine) -> None:
    result = machine.run("scripts/system-packages", "shell=nosuchcommand,bash")
    assert (result.returncode, result.stdout, machine.calls()) == (0, "", [])


def test_without_root_the_one_line_to_type_is_printed(machine: Machine) -> None:
    result = machine.run("scripts/system-packages", "new=newtool", "shell=bash", "other=nosuchcommand")
    assert result.returncode == 3
    assert "sudo sh -c 'apt-get update && apt-get install -y new other'" in result.stderr
    assert machine.calls() == []


def test_root_installs_what_is_missing_and_asks_nothing(machine: Machine) -> None:
    machine.has("id", "echo 0")
    assert machine.run("scripts/system-packages", "new=newtool", "shell=bash").returncode == 0
    update, install = machine.calls()
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends new")


def test_sudo_without_a_password_is_used(machine: Machine) -> None:
    machine.has("sudo", 'shift; exec "$@"')
    assert machine.run("scripts/system-packages", "new=newtool").returncode == 0
    assert len(machine.calls()) == 2


def test_lists_that_cannot_be_refreshed_do_not_stop_an_install(machine: Machine) -> None:
    machine.has("id", "echo 0")
    apt = (machine.bin / "apt-get").read_text("utf-8").splitlines()[1]
    machine.has("apt-get", f'case "$*" in *update) exit 100;; esac; {apt}')
    assert machine.run("scripts/system-packages", "new=newtool").returncode == 0


def test_an_install_that_fails_says_what_to_type(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has("apt-get", "exit 100")
    result = machine.run("scripts/system-packages", "new=newtool")
    assert result.returncode == 4
    assert "apt-get install -y new" in result.stderr


def test_a_package_that_brings_no_command_is_noticed(machine: Machine) -> None:
    machine.has("id", "echo 0")
    machine.has("apt-get", "exit 0")
    result = machine.run("scripts/system-packages", "new=newtool")
    assert result.returncode == 4
    assert "newtool" in result.stderr


@pytest.mark.parametrize("version", [(3, 10), (3, 14), (2, 7)])
def test_a_python_that_is_too_old_or_too_new_is_named_with_the_remedy(
    machine: Machine, version: tuple[int, int]
) -> None:
    stated = ".".join(map(str, version))
    machine.has("oldpython", f'if [ "$1" = --version ]; then echo Python {stated}; else exit 1; fi')
    result = machine.run("scripts/setup", "oldpython")
    assert result.returncode == 1
    assert f"Python {stated}" in result.stderr
    assert "make PYTHON=" in result.stderr


def test_a_python_that_is_not_there_is_named_with_the_remedy(machine: Machine) -> None:
    result = machine.run("scripts/setup", "nosuchpython")
    assert result.returncode == 1
    assert "apt-get install -y python3 python3-venv" in result.stderr
