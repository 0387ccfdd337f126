"""All that pages and charts of a session get, as types: nothing else of a session leaves the server.

`views` make these from a session; the templates in `pages/` show them. `course.privacy` decides which
counts and lines are in them.
"""

from __future__ import annotations

from typing import Literal, TypedDict

from course.workshop.view_parts import BoundaryView, ChartText, ConsoleLine, LineView, QuestionView, ResultView
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


class ConsoleQuestion(QuestionView):
    """A question on the console, with how many answered or passed it, in steps of five."""

    answered: int
    leaves_out_cards: bool
    """Whether it is shown without the cards that were counted of it: too few of them, or too much alike."""
    cards: dict[str, dict[str, int]]
    """How many paper cards were counted, by part and answer."""
    shown: str
    """What showing it gives: “result”, “nothing” where nothing of it may be shown, or empty while it is not closed."""


class SheetView(TypedDict):
    """One page of what the screen shows of a step; what does not fit is on the next one."""

    number: int
    of: int
    about: list[str]
    """The questions that it is about; “boundaries” and “parked” where it has these."""
    open: list[QuestionView]
    boundaries: list[BoundaryView]
    parked: list[LineView]
    results: list[ResultView]


class JoinView(TypedDict):
    """The way in: what phones open, the six letters, the QR code as SVG, and whether the wire is encrypted.

    Until it may be shown, `address`, `code` and `qr` are empty.
    """

    address: str
    code: str
    qr: str
    secure: bool
    is_shut: bool


class NetworkView(TypedDict):
    """One address of this computer, and the network it is on."""

    address: str
    name: str
    kind: str
    """A key of `console.network-…` in the pages' words."""


class WayInView(TypedDict):
    """Where phones come in, as the facilitator sees it."""

    address: str
    """The start of every address that phones open."""
    code: str
    is_secure: bool
    is_open: bool
    is_public: bool
    """Whether phones come in through a proxy at a public address."""
    proxy_port: int
    let_in: str
    """The address of this computer at which phones are let in, or empty."""
    lost: str
    """The one at which they were let in, and where they cannot be any more; else empty."""
    networks: list[NetworkView]
    is_shut: bool
    has_removed: bool
    """Whether the phones that joined last were removed, and none were let in since."""
    is_first_group: bool
    """Whether the door was never shut and opened again: all phones joined since it was last opened."""
    test_address: str
    """What the facilitator's own phone opens, to see whether it can; empty while phones are not let in."""
    test_qr: str
    is_reached: bool
    reached_at: str
    """The time of day; empty where it was before a restart."""
    is_shown: bool
    """Whether the screen shows the way in."""


class TroubleView(TypedDict):
    """What keeps the server from its work, or did."""

    trouble: str
    """A key of `console.trouble-…` in the pages' words."""
    time: str
    """The time of day, of what is over; else empty."""


class TimerView(TypedDict):
    """The timer: how many seconds are left, and of how many."""

    left: int
    of: int


class PhoneResult(TypedDict):
    """What is shown of one question on phones: its charts as text, or the lines that are on the screen."""

    question: str
    prompt: str
    chart_texts: list[ChartText]
    lines: list[LineView]
    number: int
    of: int
    """Which part of its lines it is, and of how many."""


class PhoneView(SessionPage):
    """What every phone shows; the same for all."""

    step: PhoneStep
    questions: list[QuestionView]
    seen: list[QuestionView]
    boundaries: list[BoundaryView]
    results: list[PhoneResult]
    parked: list[LineView]


class PhonePage(PhoneView):
    """A phone's page, with its own answers. `saved` is the part just saved, `next_part` the one to answer next."""

    mine: dict[str, OwnAnswer]
    saved: str
    problem: ProblemView | None
    unsent: list[str]
    """The texts of a form that was refused, for the person to copy."""
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
    page: SheetView
    """What of these is on the screen now."""
    is_synthetic: bool
    made_up: int
    """How many phones are made up where real ones have joined a rehearsal too."""


class ConsoleStep(TypedDict):
    """One step in the console's list."""

    slug: str
    name: str
    minutes: int
    number: int
    is_here: bool


class WalkView(TypedDict):
    """One thing that the console offers to do, see `script_walk`: its name, its kind, and what it is about in words."""

    action: str
    kind: str
    title: str
    """The prompt of its question, or the name of its step."""
    waiting: int
    """Of “read”, how many cards of lines wait; lines that say the same are on one."""
    page: int
    """Of “page”, which page of the screen."""


class LeftOpen(TypedDict):
    """A question of another step that can still be answered."""

    question: str
    prompt: str
    name: str
    """The name of its step."""


class OtherSession(TypedDict):
    """Another session of the same server, on the console. `made` and `erased` are days in words."""

    session: str
    made: str
    is_open: bool
    joined: int
    """How many phones have joined, in steps of five."""
    erased: str
    """When a closed session is erased; empty for an open one."""


class PairingView(TypedDict):
    """The code that pairs a co-host's phone, on the console; nothing of a code that is good no more."""

    state: str
    """A `PairingState`."""
    code: str
    address: str
    """What the phone opens."""
    link: str
    """The same with the code filled in; empty where no code is good."""
    qr: str
    """The link as SVG, where phones are let in."""


class ConsoleView(ScreenView):
    """What the facilitator sees: the screen, the script, how many answered, and the lines to look at."""

    next: WalkView | None
    skip: WalkView | None
    """What may be done in place of `next`."""
    back: WalkView | None
    left_open: list[LeftOpen]
    group_size: int
    """How many people are there, as the facilitator counts them; 0 while that is not known."""
    group_kind: str
    is_begun: bool
    """Whether any question was opened yet."""
    steps: list[ConsoleStep]
    say: list[str]
    do: list[str]
    large: list[str]
    questions: list[ConsoleQuestion]
    privacy: list[str]
    lines: list[ConsoleLine]
    way_in: WayInView
    troubles: list[TroubleView]
    co_hosts: int
    pairing: PairingView
    days: int
    most_days: int
    has_login: bool
    """Whether other sessions are on a page of their own, as each of several servers knows its own alone."""
    others: list[OtherSession]


class ConsolePage(ConsoleView):
    """The console's page, with the token of its forms."""

    token: str
    problem: ProblemView | None
    tried: dict[str, object]
    """The action of a form that was refused, with its fields, so that nothing has to be typed again; else nothing."""


class SessionEntry(TypedDict):
    """One of a facilitator's sessions. `made` and `erased` are days in words."""

    session: str
    made: str
    is_open: bool
    erased: str
    """When a closed session is erased; empty for an open one."""


class SessionsPage(PageView):
    """A facilitator's sessions, where they log in at a Hub."""

    name: str
    """Their name at the Hub."""
    token: str
    groups: list[str]
    """The Hub's groups for which they run sessions."""
    sessions: list[SessionEntry]


class LoggedOutPage(PageView):
    """Where somebody has logged out here."""

    hub: str
    """Where they log out at the Hub."""


class JoinPage(PageView):
    """Where the six letters are typed."""

    problem: ProblemView | None


class WelcomePage(PageView):
    """The privacy words before joining."""

    first: list[str]
    """The same in short; empty where the whole is shown at once."""
    privacy: list[str]
    secure: bool
    problem: ProblemView | None


class ReachPage(PageView):
    """What the facilitator's own phone opens, to see whether it can."""

    is_same_computer: bool


Ending = Literal["closed", "deleted", "unknown", "removed"]
"""Why a session is over for a phone."""


class GonePage(PageView):
    """A session that is over for this phone."""

    became: Ending
    unsent: list[str]
    """The texts of a form that came too late, for the person to copy."""
    link: str
    """Where a removed phone can join again, if the facilitator lets phones join; else empty."""


class ProblemPage(PageView, ErrorMessage):
    """A refusal as a page."""
