"""See to it that there is a Chromium for the tests: one that is installed, Debian's, or Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser.chromium import SHELL, chromium_path, playwright_has_one


def main() -> int:
    """Get a Chromium where there is none, and return 0 when there is one."""
    if not (os.environ.get("BUILDING_TRUST_CHROMIUM") or shutil.which(SHELL)):
        install_debians()
    if chromium_path() or playwright_has_one():
        return 0
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if playwright_has_one():
        return 0
    sys.stderr.write("No Chromium was found or could be installed. Install Chromium or Google Chrome and try again.\n")
    return 1


def install_debians() -> None:
    """Install Debian's quick Chromium, or its whole one where it has no other, if this is a Debian and may be."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not (is_root and shutil.which("apt-get")):
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
    install = ["apt-get", "install", "-q", "-y"]
    subprocess.run([*install, SHELL], env=environment, check=False)
    if not chromium_path():
        subprocess.run([*install, "chromium"], env=environment, check=False)


if __name__ == "__main__":
    sys.exit(main())
