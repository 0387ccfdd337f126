"""Run what installs the course, pip or uv, and mend or explain a certificate that it does not know.

Where a workplace looks into secure connections, each service seems to have the workplace's certificate. Its computers
trust that, while pip and uv bring lists of their own. So a second try takes the system's list: whatever the browser on
this computer trusts, which its owner decides. What is installed is checked by its hash all the same.

Like `set_up`, it is run as a file, by a Python that may have no course yet, and so it imports nothing of the course.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_WORDS: Final = Path(__file__).resolve().parent.parent / "content" / "interface.toml"
_UNKNOWN_CERTIFICATE: Final = re.compile(rb"invalid peer certificate|certificate.verify.failed", re.IGNORECASE)
"""What uv says, and what pip says, as OpenSSL does."""
_BY_THE_SYSTEM: Final[Mapping[str, str]] = {
    "UV_SYSTEM_CERTS": "true",
    "UV_NATIVE_TLS": "true",  # the same for an older uv
    "PIP_USE_FEATURE": "truststore",
}
"""Have uv, and a pip that does not do so by itself, trust what the system trusts."""


def install(command: Sequence[str]) -> int:
    """Run an installer and return its exit code; say what to do where no certificate can be found that it knows."""
    code, is_unknown = _run(command, {})
    if code and is_unknown:
        _say("installing.again")
        code, is_unknown = _run(command, _BY_THE_SYSTEM)
        if code and is_unknown:
            _say("installing.unknown-certificate")
    return code


def _run(command: Sequence[str], variables: Mapping[str, str]) -> tuple[int, bool]:
    """Return the exit code, and whether a certificate was not known; what the installer says is passed on at once."""
    is_unknown = False
    with subprocess.Popen(command, env={**os.environ, **variables}, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        for line in process.stderr:
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            is_unknown = is_unknown or _UNKNOWN_CERTIFICATE.search(line) is not None
    return process.returncode, is_unknown


def _say(key: str) -> None:
    table, _, name = key.partition(".")
    sys.stdout.write(tomllib.loads(_WORDS.read_text(encoding="utf-8"))[table][name] + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        sys.exit(install(sys.argv[1:]))
    except KeyboardInterrupt:  # Ctrl-C stops the installer too, which says so itself
        sys.exit(130)
