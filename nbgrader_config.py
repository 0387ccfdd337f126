"""nbgrader's configuration: this folder is the course directory.

The exchange is the folder `exchange` beside this file, or the one that
BUILDING_TRUST_EXCHANGE names.
"""

from pathlib import Path

from course.trainer.configuration import configure

configure(get_config(), Path(__file__).resolve().parent)  # noqa: F821  # nbgrader gives it
