"""See to it that there is a Chromium for the tests: one that is installed, Debian's, or Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser.chromium import chromium_path, playwright_has_one


def main() -> int:
    """Get a Chromium where there is none, and return 0 when there is one."""
    if chromium_path() or playwright_has_one():
        return 0
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for line in (["apt-get", "update", "-q"], ["apt-get", "install", "-q", "-y", "chromium"]):
            subprocess.run(line, env=environment, check=False)
        if chromium_path():
            return 0
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if playwright_has_one():
        return 0
    sys.stderr.write("No Chromium was found or could be installed. Install Chromium or Google Chrome and try again.\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
