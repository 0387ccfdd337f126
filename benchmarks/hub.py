"""What many people need: each section measures one thing on this machine, with real servers. Run it on a quiet one."""

from __future__ import annotations

import argparse
import os
import sys

from benchmarks import hub_costs, hub_marking, hub_workers
from course.workshop.commands import raise_process_limits


def main() -> None:
    """Measure and print, one section after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each is measured")
    parser.add_argument("--phones", type=int, default=500, help="how many phones are in each live session")
    options = parser.parse_args()
    raise_process_limits()
    load = os.getloadavg()[0]
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, loopback, load at the beginning {load:.1f}")
    hub_workers.main(options.runs, options.phones)
    hub_costs.main(hub_marking.main(options.runs))


if __name__ == "__main__":
    main()
