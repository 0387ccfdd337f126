"""See to it that there is a Firefox for the tests: one that is installed, or Debian's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from tests.browser.firefox import MISSING, NAMES, firefox_path, must_be_there


def main() -> int:
    """Get a Firefox where there is none, and return 0 when there is one, or when tests may go on without."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not firefox_path() and is_root and shutil.which("apt-get"):
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=environment, check=False)
        for name in NAMES:
            if not firefox_path():
                subprocess.run(["apt-get", "install", "-q", "-y", name], env=environment, check=False)
    if firefox_path():
        return 0
    sys.stderr.write(f"\n{'*' * len(MISSING)}\n{MISSING}\n{'*' * len(MISSING)}\n\n")
    return 1 if must_be_there() else 0


if __name__ == "__main__":
    sys.exit(main())
