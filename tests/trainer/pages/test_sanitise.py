"""Cleaned HTML keeps what the course uses, and nothing that runs, loads or poses as something else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course.trainer.pages.sanitise import clean, markdown_to_html
from tests.cases import every
from tests.trainer.injections import INJECTIONS

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://elsewhere.example/pixel.png' alt=''>",
    "<img src='/hub/logout' alt=''>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>press</a>",
    "<a href=' JaVaScRiPt:alert(1)'>press</a>",
    "<a href='java&#x09;script:alert(1)'>press</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>press</a>",
    "<a href='da&#x09;ta:text/html,x'>press</a>",
    "<a href='&#x01;data:text/html,x'>press</a>",
    "<a href='vbscript:alert(1)'>press</a>",
    "<img src='data:text/html,<script>alert(1)</script>' alt=''>",
    "<p style='position:fixed;inset:0'>over all</p>",
    "<p class='navbar-fixed-top' id='cell-id=q1-mark'>over all</p>",
    "<form action='/formgrader/api'><input name=x><button>Send</button></form>",
    "<style>body { display: none }</style>",
    "<link rel=stylesheet href='https://elsewhere.example/x.css'>",
    "<meta http-equiv=refresh content='0;url=https://elsewhere.example/'>",
    "<base href='https://elsewhere.example/'>",
    "<object data='x'></object><embed src='x'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea></textarea><script>alert(1)</script>",
    "<!-- <img src=x onerror=alert(1)> --><!--><script>alert(1)</script>",
]
MARKDOWN = [
    "[press](javascript:alert(1))",
    "![picture](https://elsewhere.example/pixel.png)",
    "![picture](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[press]( data:text/html,<script>alert(1)</script>)",
    '[a](https://example.org "onmouseover=alert(1)")',
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "$\\href{javascript:alert(1)}{press}$",
]
FORBIDDEN = (
    "<script",
    "onerror",
    "onload",
    "<iframe",
    "<svg",
    "<form",
    "<input",
    "<button",
    "<style",
    "style=",
    "<link",
)
ALSO_FORBIDDEN = (
    "<meta",
    "<base",
    "<object",
    "<embed",
    "<!--",
    "id=",
    "navbar",
    "elsewhere.example",
    'href="javascript',
)


def assert_harmless(page: str) -> None:
    page = re.sub(r"[\x00-\x1f]", "", page)  # browsers pass over these in an address
    for part in (*FORBIDDEN, *ALSO_FORBIDDEN, 'href="data', 'src="data:text', "vbscript:", 'src="/', 'src="x'):
        assert part not in page.casefold(), page


@every("page", HOSTILE)
def test_what_could_run_or_load_is_taken_out(page: str) -> None:
    assert_harmless(clean(page))


class Acting(HTMLParser):
    """What in a page could act."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        links = [_address(value) for name, value in attrs if name == "href"]
        loads = [_address(value) for name, value in attrs if name == "src"]
        if (
            tag in ("script", "iframe", "svg", "math", "style", "form", "input", "button", "base", "meta", "link")
            or any(name.startswith("on") or name in ("style", "id", "ping", "srcset") for name, _ in attrs)
            or not all(address.startswith(("http://", "https://", "mailto:")) for address in links)
            or not all(address.startswith("data:image/") for address in loads)
        ):
            self.found.append(self.get_starttag_text() or tag)


@every("text", INJECTIONS)
def test_no_injection_leaves_anything_that_acts(text: str) -> None:
    for page in (clean(text), markdown_to_html({}, text), clean("\n".join(INJECTIONS))):
        assert Acting(page).found == []


def _address(value: str | None) -> str:
    return re.sub(r"[^!-~]", "", value or "").lower()


def test_before_cleaning_much_of_it_acts() -> None:
    assert sum(bool(Acting(text).found) for text in INJECTIONS) > 60


@every("page", HOSTILE)
def test_cleaning_twice_changes_nothing(page: str) -> None:
    assert clean(clean(page)) == clean(page)


@every("text", [*HOSTILE, *(text for text in MARKDOWN if "`" not in text and "$" not in text)])
def test_markdown_is_cleaned_too(text: str) -> None:
    assert_harmless(markdown_to_html({}, text).replace("onmouseover", ""))


@every("text", MARKDOWN)
def test_code_and_formulas_stay_text(text: str) -> None:
    page = markdown_to_html({}, text)
    assert "<script" not in page
    assert 'href="javascript' not in page


@every(
    "page",
    [
        '<p class="course-mark" lang="en-GB" dir="ltr"><strong>Question 1: 2 of 2 marks.</strong> Right.</p>',
        '<ul class="course-rows"><li class="course-right">Right.</li><li class="course-wrong">Not right.</li></ul>',
        '<div class="course-still" lang="cy" dir="ltr"><dl><dt>Question</dt><dd><p>Answer</p></dd></dl></div>',
        '<figure><img src="data:image/png;base64,AA==" alt="A map"><figcaption>Where?</figcaption></figure>',
        '<img src="data:image/svg+xml;base64,AA==" alt="A map">',
        "<details><summary>Show the numbers</summary><table><tbody><tr><td>1</td></tr></tbody></table></details>",
        '<table><thead><tr><th scope="col">Level</th></tr></thead></table>',
        "<blockquote><p>Use roles, <em>not</em> names.</p></blockquote>",
    ],
)
def test_what_the_course_uses_is_kept(page: str) -> None:
    assert clean(page) == page


def test_a_link_is_kept_and_tells_the_other_host_nothing() -> None:
    page = markdown_to_html({}, "[Read](https://example.org/page)")
    assert 'href="https://example.org/page"' in page
    assert 'rel="noopener noreferrer"' in page


@given(st.text(alphabet="aäZ07 ,.;?!’“”()-", max_size=30).map(lambda text: f"Well {text}"))
def test_a_plain_line_is_what_markdown_makes_of_it(line: str) -> None:
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    assert markdown_to_html({}, line) == clean(MarkdownWithMath(renderer=renderer).render(line))
