"""The course on a JupyterHub: an administrator's `jupyterhub_config.py` says `apply(c, [Cohort(…)])`."""

from __future__ import annotations

from course.hub.cohort import Cohort
from course.hub.cohorts_file import read_cohorts
from course.hub.configuration import apply
from course.hub.pods import SharedDrive, apply_on_kubernetes
from course.hub.session_service import SessionService

__all__ = ["Cohort", "SessionService", "SharedDrive", "apply", "apply_on_kubernetes", "read_cohorts"]
