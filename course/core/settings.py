"""What can be set from outside, read from environment variables when it is asked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

COURSE_ID = "building-trust"
SESSION_SERVICE = f"{COURSE_ID}-sessions"
"""The name of the live sessions' server among the services of a Hub."""


@dataclass(frozen=True)
class Settings:
    """Where the course keeps things for this person."""

    data: Path
    """The person's own folder for this course: the journal and Jupyter's files."""

    journal: Path
    """One readable JSON file a lesson."""

    work: Path
    """The working copy that `course learn` opens."""

    exchange: Path | None
    """nbgrader's exchange folder, or None where there is none."""

    exchange_layout: str
    """Whether everybody shares the folders of the exchange (`shared`) or each learner has some (`by-learner`)."""

    coursework: Path | None
    """The trainer's course directory, or None where it is the checkout that this package runs from."""

    gradebook: str
    """The database of the gradebook, as a URL of SQLAlchemy; without one, a file in the course directory."""

    words: Path | None
    """A folder with another edition of `course/content`, or None for the course's own words."""

    public_address: str
    """The address by which phones reach the live session through a reverse proxy, or an empty text."""

    sessions: str
    """The database of live sessions, as a URL of SQLAlchemy; without one, a file in the person's own folder."""

    session_keys: Path | None
    """The folder with the keys of live sessions, which all their servers share, or None for one beside that file."""

    hub_api: str
    """The address of the API of the Hub that says who facilitators are, as the session's server reaches it, or an empty
    text."""

    hub_address: str
    """The address by which facilitators' browsers reach that Hub, or an empty text."""

    hub_client: str
    """The OAuth client id of the session's server at that Hub."""

    hub_token: str = field(repr=False)
    """The token by which that Hub knows the session's server: the text itself, or a file that holds it."""

    facilitators: tuple[str, ...]
    """The groups of that Hub whose members run live sessions, with commas between them."""

    metrics_token: str = field(repr=False)
    """With what Prometheus asks a session's server from elsewhere: the text itself, or a file that holds it."""

    learner: str
    """The learner's id as their trainer set it, or an empty text where they type it themselves."""

    @property
    def jupyter(self) -> Path:
        """The folder in which each way to open the course has a folder for all that Jupyter reads and writes."""
        return self.data / "jupyter"


def settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings as the environment has them now.

    | Variable | Sets | When it is not set |
    |---|---|---|
    | BUILDING_TRUST_DATA | `data` | the user's data folder |
    | BUILDING_TRUST_JOURNAL | `journal` | `journal` in the folder above |
    | BUILDING_TRUST_WORK | `work` | `building-trust` in the person's home |
    | BUILDING_TRUST_EXCHANGE | `exchange` | no exchange |
    | BUILDING_TRUST_EXCHANGE_LAYOUT | `exchange_layout` | `shared` |
    | BUILDING_TRUST_COURSEWORK | `coursework` | the checkout |
    | BUILDING_TRUST_GRADEBOOK | `gradebook` | `gradebook.db` in the course directory |
    | BUILDING_TRUST_WORDS | `words` | the course's own words |
    | BUILDING_TRUST_PUBLIC_ADDRESS | `public_address` | phones come in at an address of this computer |
    | BUILDING_TRUST_SESSIONS | `sessions` | a file in the data folder |
    | BUILDING_TRUST_SESSION_KEYS | `session_keys` | a folder beside that file |
    | BUILDING_TRUST_HUB_API | `hub_api` | facilitators run live sessions on their own computer, and log in nowhere |
    | BUILDING_TRUST_HUB_ADDRESS | `hub_address` | with a Hub, it has to be set |
    | BUILDING_TRUST_HUB_CLIENT | `hub_client` | `service-building-trust-sessions` |
    | BUILDING_TRUST_HUB_TOKEN, BUILDING_TRUST_HUB_TOKEN_FILE | `hub_token` | with a Hub, one of them has to be set |
    | BUILDING_TRUST_FACILITATORS | `facilitators` | with a Hub, it has to be set |
    | BUILDING_TRUST_METRICS_TOKEN, BUILDING_TRUST_METRICS_TOKEN_FILE | `metrics_token` | on its own machine alone |
    | BUILDING_TRUST_LEARNER | `learner` | the learner types it once |
    """
    data = _folder("DATA", environ) or platformdirs.user_data_path(COURSE_ID, appauthor=False)
    return Settings(
        data=data,
        journal=_folder("JOURNAL", environ) or data / "journal",
        work=_folder("WORK", environ) or Path.home() / COURSE_ID,
        exchange=_folder("EXCHANGE", environ),
        exchange_layout=_text("EXCHANGE_LAYOUT", environ),
        coursework=coursework_folder(environ),
        gradebook=_database("GRADEBOOK", environ),
        words=words_folder(environ),
        public_address=_text("PUBLIC_ADDRESS", environ),
        sessions=_database("SESSIONS", environ),
        session_keys=_folder("SESSION_KEYS", environ),
        hub_api=_text("HUB_API", environ).rstrip("/"),
        hub_address=_text("HUB_ADDRESS", environ).rstrip("/"),
        hub_client=_text("HUB_CLIENT", environ) or f"service-{SESSION_SERVICE}",
        hub_token=_secret("HUB_TOKEN", environ),
        facilitators=tuple(filter(None, map(str.strip, _text("FACILITATORS", environ).split(",")))),
        metrics_token=_secret("METRICS_TOKEN", environ),
        learner=_text("LEARNER", environ),
    )


def coursework_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """Return `settings().coursework` alone."""
    return _folder("COURSEWORK", environ)


def words_folder(environ: Mapping[str, str] | None = None) -> Path | None:
    """Return `settings().words` alone, which is asked for with every text."""
    return _folder("WORDS", environ)


def _database(name: str, environ: Mapping[str, str] | None) -> str:
    """Return the URL of a database. PostgreSQL's gets the name of the driver that the course brings."""
    url = _text(name, environ)
    scheme, colon, rest = url.partition(":")
    return f"postgresql+psycopg:{rest}" if colon and scheme in ("postgres", "postgresql") else url


def _secret(name: str, environ: Mapping[str, str] | None) -> str:
    """Return a secret from a variable, or from the file that another one names; nothing where it cannot be read."""
    file = _folder(f"{name}_FILE", environ)
    try:
        return _text(name, environ) or (file.read_text(encoding="utf-8").strip() if file else "")
    except (OSError, UnicodeError):
        return ""


def _folder(name: str, environ: Mapping[str, str] | None) -> Path | None:
    text = _text(name, environ)
    return Path(text).expanduser().absolute() if text else None


def _text(name: str, environ: Mapping[str, str] | None) -> str:
    variables = os.environ if environ is None else environ
    return variables.get(f"BUILDING_TRUST_{name}", "").strip()
