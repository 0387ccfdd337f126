"""See to it that there is an nginx for the tests: one that is installed, or Debian's, unpacked where it may not be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser.firefox import must_be_there
from tests.browser.nginx import MISSING, UNPACKED, nginx_path


def main() -> int:
    """Get an nginx where there is none, and return 0 when there is one, or when tests may go on without."""
    if not nginx_path() and shutil.which("apt-get"):
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            install()
        if not nginx_path() and shutil.which("dpkg-deb"):
            unpack()
    if nginx_path():
        return 0
    sys.stderr.write(f"\n{'*' * len(MISSING)}\n{MISSING}\n{'*' * len(MISSING)}\n\n")
    return 1 if must_be_there() else 0


def install() -> None:
    """Install Debian's nginx, and start no server of it."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
    subprocess.run(["apt-get", "install", "-q", "-y", "--no-install-recommends", "nginx"], env=environment, check=False)


def unpack() -> None:
    """Download Debian's package, and unpack it where the tests look for it: that needs no rights."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["apt-get", "download", "-q", "nginx"], cwd=folder, check=False)
        for package in Path(folder).glob("nginx_*.deb"):
            UNPACKED.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg-deb", "-x", str(package), str(UNPACKED)], check=False)


if __name__ == "__main__":
    sys.exit(main())
