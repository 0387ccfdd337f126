"""All that pages, charts and exports of a session get, as types: nothing else of a session leaves the server.

`views` and `export` make these from a session; the templates in `pages/` show them. `course.privacy` decides which
counts and lines are in them.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict, final

from course.workshop.wire import ErrorMessage, OwnAnswer, ProblemView


class PageView(TypedDict):
    """What every page has."""

    title: str
    language: str
    direction: str
    """“ltr” or “rtl”; “auto” where the language is not known."""


class SessionPage(PageView):
    """What every page of one session has."""

    path: str
    session: str
    is_closed: bool


class StepPlace(TypedDict):
    """Which step it is."""

    slug: str
    name: str
    number: int
    of: int


class PhoneStep(StepPlace):
    """The step on a phone, with its paragraphs."""

    phone: list[str]


class PartView(TypedDict):
    """One part of a question; a fixed line has no options."""

    part: str
    text: str
    options: dict[str, str]
    fixed: bool
    stem: NotRequired[str]
    short: NotRequired[str]


class QuestionView(TypedDict):
    """One question, everywhere."""

    question: str
    kind: str
    prompt: str
    status: str
    """“new”, “open” or “closed”."""
    is_shown: bool
    most: int
    fields: dict[str, str]
    parts: list[PartView]


class ConsoleQuestion(QuestionView):
    """A question on the console, with how many answered or passed it, in steps of five."""

    answered: int


class LineView(TypedDict):
    """One written line and what became of it, without who wrote it."""

    line: str
    question: str
    text: str
    fields: dict[str, str]
    status: str
    """“waiting”, “approved” or “hidden”."""
    is_free: bool
    """Whether its wall may show it."""
    head: str
    count: int
    settled: str
    owner: str
    place: str
    date: str


class ConsoleLine(LineView):
    """A line as the facilitator looks at it, with the texts of similar lines that it stands for."""

    alike: list[str]


class BoundaryView(TypedDict):
    """One boundary as it reads now."""

    question: str
    line: str
    text: str
    fixed: bool


class ResultView(TypedDict):
    """What is shown of one question: the address of its chart, or its lines."""

    question: str
    prompt: str
    chart: str
    lines: list[LineView]


class JoinView(TypedDict):
    """The way in: what phones open, the six letters, the QR code as SVG, and whether the wire is encrypted."""

    address: str
    code: str
    qr: str
    secure: bool


class TimerView(TypedDict):
    """The timer: how many seconds are left, and of how many."""

    left: int
    of: int


class PhoneView(SessionPage):
    """What every phone shows; the same for all."""

    step: PhoneStep
    questions: list[QuestionView]
    seen: list[QuestionView]
    boundaries: list[BoundaryView]


class PhonePage(PhoneView):
    """A phone's page, with its own answers. `saved` is the part just saved, `next_part` the one to answer next."""

    mine: dict[str, OwnAnswer]
    saved: str
    problem: ProblemView | None
    next_part: str


class ScreenView(SessionPage):
    """What the screen shows."""

    step: StepPlace
    join: JoinView
    joined: int
    timer: TimerView | None
    results: list[ResultView]
    boundaries: list[BoundaryView]
    parked: list[LineView]
    open: list[QuestionView]
    is_synthetic: bool


class ConsoleStep(TypedDict):
    """One step in the console's list."""

    slug: str
    name: str
    minutes: int
    number: int
    is_here: bool


class ConsoleView(ScreenView):
    """What the facilitator sees: the screen, the script, how many answered, and the lines to look at."""

    steps: list[ConsoleStep]
    say: list[str]
    do: list[str]
    large: list[str]
    questions: list[ConsoleQuestion]
    privacy: list[str]
    lines: list[ConsoleLine]
    addresses: list[str]
    let_in: str
    days: int


class ConsolePage(ConsoleView):
    """The console's page, with the token of its forms."""

    token: str
    problem: ProblemView | None


class JoinPage(PageView):
    """Where the six letters are typed."""

    problem: ProblemView | None


class WelcomePage(PageView):
    """The privacy words before joining."""

    privacy: list[str]
    secure: bool
    problem: ProblemView | None


class GonePage(PageView):
    """A session that is closed or deleted."""

    deleted: bool


class ProblemPage(PageView, ErrorMessage):
    """A refusal as a page."""


class CardLine(TypedDict):
    """A boundary on a paper card."""

    text: str
    fixed: bool


class PaperCard(TypedDict):
    """One question on paper."""

    question: str
    kind: str
    prompt: str
    stem: str
    points: list[str]
    items: list[str]
    lines: list[CardLine]
    options: dict[str, str]
    fields: list[str]


class TallyRow(TypedDict):
    """One line of the printed tally."""

    part: str
    answer: str


class CardsPage(PageView):
    """Paper cards to print, and their tally."""

    cards: list[PaperCard]
    tally: list[TallyRow]


# Counts and charts: what `course.privacy` publishes, and nothing else


@final
class ShownCounts(TypedDict):
    """Counts by answer, or by bands of answers."""

    counts: dict[str, int]
    people: int
    in_bands: bool


@final
class ShownNotice(TypedDict):
    """What is said in place of counts."""

    said: str
    """A key of `session.said-…` in `interface.toml`."""
    option: str


Shown = ShownCounts | ShownNotice


class ChartPart(PartView):
    """A part with what may be shown of its counts."""

    shown: Shown | None


class ChartSpec(TypedDict):
    """All that the chart of a question is drawn from."""

    kind: str
    title: str
    parts: list[ChartPart]
    earlier: ChartSpec | None


# What the session may take away


class ParkedLine(TypedDict):
    """A parked line with who takes it, where and by when."""

    text: str
    owner: str
    place: str
    date: str


class ThanksWall(TypedDict):
    """The lines of a question of thanks."""

    prompt: str
    lines: list[str]


class ExportedChart(TypedDict):
    """A chart that was on the screen."""

    question: str
    prompt: str
    spec: ChartSpec


class SessionExport(TypedDict):
    """`export.json`, also read by the facilitator's notebook. `made` and `next` are days in words."""

    title: str
    is_synthetic: bool
    made: str
    next: list[str]
    boundaries: list[BoundaryView]
    parked: list[ParkedLine]
    thanks: list[ThanksWall]
    charts: list[ExportedChart]


class ExportPage(PageView, SessionExport):
    """`export.html`, with the charts as HTML."""

    drawn: list[str]
