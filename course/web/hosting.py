"""What stands beside the site's index, for browsers and for servers: what keeps the site, and how it is served."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
SERVICE_WORKER: Final = "service_worker.js"
FOR_SERVERS: Final = ("web.config", "nginx.txt")
"""How Internet Information Services and nginx are set; no browser asks for these."""
AT_THE_TOP: Final = (SERVICE_WORKER, *FOR_SERVERS)
"""The files of `static` that are no assets."""


def beside_the_index(version: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return what stands beside the site's index, by name. `files` are all others of this version of the site."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    site = json.dumps({"version": version, "files": digests})
    worker = f"const site = {site};\n".encode() + (STATIC / SERVICE_WORKER).read_bytes()
    return {"sw.js": worker, **{name: (STATIC / name).read_bytes() for name in FOR_SERVERS}}
