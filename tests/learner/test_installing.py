"""Installing where a workplace looks into secure connections: the system's certificates are tried, then it is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from course.content import words
from tests.paths import ROOT

INSTALLING = ROOT / "course" / "learner" / "installing.py"
SAYS = {
    "uv": """\
error: Failed to fetch: https://packages.test/simple/click/
  cause: client error (Connect)
  cause: invalid peer certificate: UnknownIssuer
""",
    "pip": """\
WARNING: Retrying (Retry(total=4)) after connection broken by 'SSLError(SSLCertVerificationError(1, '[SSL: \
CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1006)'))'
ERROR: Could not find a version that satisfies the requirement click
""",
    "another fault": "error: No solution found when resolving dependencies\n",
    "nothing": "",
}
INSTALLER = """
import os, sys
from pathlib import Path
tries = Path("tries.txt")
names = ("UV_SYSTEM_CERTS", "UV_NATIVE_TLS", "PIP_USE_FEATURE")
trusts = [os.environ.get(name) for name in names] == ["true", "true", "truststore"]
tries.open("a").write("system\\n" if trusts else "own\\n")
print("said to stdout")
if trusts and sys.argv[1] == "system helps":
    sys.exit(0)
sys.stderr.write(sys.argv[1] if trusts and sys.argv[1] else sys.argv[2])
sys.exit(int(sys.argv[3]))
"""
"""An installer that is made up: how many times it was started, and by which certificates, it notes in a file."""


def install(folder: Path, says: str, code: int, *, system: str = "") -> tuple[subprocess.CompletedProcess[str], str]:
    """Return what became of it, and the tries."""
    program = folder / "installer.py"
    program.write_text(INSTALLER)
    done = subprocess.run(
        [sys.executable, "-P", INSTALLING, sys.executable, program, system, says, str(code)],
        env={name: value for name, value in os.environ.items() if not name.startswith(("UV_", "PIP_"))},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done, (folder / "tries.txt").read_text()


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_a_certificate_that_the_installer_does_not_know_is_looked_for_where_the_system_has_its_own(
    tool: str, tmp_path: Path
) -> None:
    done, tries = install(tmp_path, SAYS[tool], 2, system="system helps")
    assert (done.returncode, tries) == (0, "own\nsystem\n")
    assert done.stderr == SAYS[tool]
    assert words("installing.again") in done.stdout
    assert words("installing.unknown-certificate") not in done.stdout


@pytest.mark.parametrize("tool", ["uv", "pip"])
def test_where_the_system_does_not_know_it_either_it_is_said_what_to_do(tool: str, tmp_path: Path) -> None:
    done, tries = install(tmp_path, SAYS[tool], 2)
    assert (done.returncode, tries) == (2, "own\nsystem\n")
    assert done.stdout.splitlines()[-1] == words("installing.unknown-certificate")


def test_another_fault_of_the_second_try_is_not_called_one_of_the_certificate(tmp_path: Path) -> None:
    done, tries = install(tmp_path, SAYS["uv"], 2, system=SAYS["another fault"])
    assert (done.returncode, tries) == (2, "own\nsystem\n")
    assert done.stderr == SAYS["uv"] + SAYS["another fault"]
    assert words("installing.unknown-certificate") not in done.stdout


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a signal")
def test_ctrl_c_ends_it_quietly(tmp_path: Path) -> None:
    installer = tmp_path / "installer.py"
    installer.write_text("import os, signal\nos.kill(os.getppid(), signal.SIGINT)\n")
    line = [sys.executable, "-P", INSTALLING, sys.executable, installer]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


@pytest.mark.parametrize(("says", "code"), [("another fault", 1), ("nothing", 1), ("nothing", 0), ("uv", 0)])
def test_any_other_end_is_passed_on_as_it_is(says: str, code: int, tmp_path: Path) -> None:
    done, tries = install(tmp_path, SAYS[says], code)
    assert (done.returncode, tries, done.stderr) == (code, "own\n", SAYS[says])
    assert done.stdout == "said to stdout\n"


def test_whatever_installs_the_course_is_run_so() -> None:
    for name, count in (("Makefile", 1), ("set-up.cmd", 2), ("set-up.command", 2)):
        text = (ROOT / name).read_text(encoding="utf-8").replace("\\", "/")
        lines = [line for line in text.splitlines() if re.search(r"pip (install|compile)", line)]
        told = [line for line in lines if "course/learner/installing.py" in line or "$(FETCHING)" in line]
        assert len(lines) >= count
        assert lines == told, name
