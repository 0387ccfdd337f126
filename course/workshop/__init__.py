"""The live workshop: phones answer, one screen shows what may be shown, and nobody can tell who said what.

From the ground up; each imports only those above it in this table, or beside it.

| Module | Holds |
|---|---|
| `script`, `script_table`, `script_check`, `script_read`, `page_words` | the workshop as data; mistakes by line |
| `tokens`, `rate_limit` | codes, links, pseudonyms and keys; how fast anyone may send |
| `answer_rules`, `answers`, `counts` | what may be answered; the latest answers; what of them is counted |
| `lines`, `walls`, `session_state`, `tallies` | lines and walls; what the facilitator did; counts and pictures |
| `live`, `actions` | the rules together, and what the facilitator can do. No input or output, no clock |
| `store_tables`, `store_file`, `store` | what is kept, by one writer that commits many answers at once |
| `answer_writer`, `session`, `sessions` | rules and store together: nothing counts or shows before it is on disk |
| `view_lines`, `view_questions`, `view_results`, `views` | what may be shown; nothing else reaches a page |
| `templates`, `events`, `error_log`, `broadcast` | pages; streams; who follows what, sent a few times a second |
| `draw`, `export`, `paper` | charts, in a process of their own; what the room may take away; paper cards |
| `listeners`, `context` | the addresses that are open; all that handlers share |
| `base_handler`, `phone`, `answer_routes`, `console`, `routes` | the wire |
| `server`, `commands`, `synthetic_phones` | command, notebook, rehearsal |
| `synthetic_answers`, `process`, `notebook_export`, `notebook_view` | the same |

The script (`content/workshop.toml`)
------------------------------------
    title = "…"
    language = "en"
    privacy = ["paragraph", …]               # before joining
    [[step]]
    slug = "rate"                            # letters, digits, dashes; a step may be dropped unless `fixed = true`
    name = "Rate our group"
    minutes = 10
    fixed = false
    phone = ["paragraph", …]                 # on the phone at this step, above its open questions
    say = ["paragraph", …]                   # what the facilitator says
    do = ["paragraph", …]                    # what the facilitator does
    large = ["paragraph", …]                 # with 100 to 1,000 people
    [[step.question]]
    slug = "group"                           # unique in the script
    kind = "rate"
    prompt = "…"

Kinds, with what the script gives besides slug, kind and prompt; then what an answer is.

- `words`: `most` (letters, 40). Text.
- `lines`, `taking-away`: `most` (200). Text.
- `thanks`: `most`, `fields = {to = "label", for = "label", meant = "label"}`. `{"to", "for", "meant"}`.
- `commitment`: `most`, `fields = {if = "label", then = "label"}`. `{"if", "then", "show": true}`;
  with `"show": false` the server keeps no text: it stays on the phone.
- `rate`: `scale = "group"`, `items = ["G1", …]` (all without it). One part an item, `SLUG.G1`: 1 to 7, or "n".
- `keep`: `line = [{slug, text, fixed = false}]`, `options = {keep = "…", change = "…", not-sure = "…"}`.
  One part a line that is not fixed, `SLUG.LINE`: the key of an option.
- `vote`: `options = {A = "…", …}`. The key of an option.
- `sort`: `from = "SLUG of a lines question"`, `most` (lines, 8), `options = {ours = "…", park = "…", now = "…"}`.
  One part a line of the wall, `SLUG.LINE`: the key of an option. When it opens, the lines are those that most people
  wrote, as the facilitator grouped them, without any that the facilitator has settled.

A part is the unit of answering; a question opens, closes and is shown as a whole. `null` as an answer is “Skip”: it
takes an earlier answer back. `same-as = "SLUG"` on a rate or vote question (asked again later) puts both in one chart.

Pages (tornado templates in `room/pages/`, autoescape on; files in `room/static/`)
----------------------------------------------------------------------------------
Every page gets `view` (a dict, below), `words` (the texts of `[words]` in workshop.toml: `words["join.code"]`) and
`static(name)` (the address of a file). No inline script or style: the Content-Security-Policy refuses both. Pictures
may be `data:`. A page has elements `data-part="NAME"`; the part is the template `PAGE_NAME.html` (for example
`phone_main.html`), which the page itself includes, and which the server renders again for the events.

| Page | Address | Template | Parts | `view` |
|---|---|---|---|---|
| type a code | `GET /` (form: `code`) | `join.html` | | `{title, language, problem}` |
| join | `GET /j/SECRET` (form: nothing) | `welcome.html` | | `{title, language, privacy, secure, problem}` |
| phone | `GET /r/ROOM/` | `phone.html` | `main` | see `views.phone` |
| console | `GET /console/ROOM/` | `console.html` | `steps`, `step`, `lines`, `parked`, `room` | see `views.console` |
| screen | `GET /console/ROOM/screen` | `screen.html` | `main` | see `views.screen` |
| to print | `GET /console/ROOM/cards` | `cards.html` | | `{script, title, language}` |
| to keep | `GET /console/ROOM/export.html` | `export.html` | | `export.taken_away(…)` |
| gone | any page of a room closed or deleted | `gone.html` | | `{title, language, deleted}` |
| problem | any | `problem.html` | | `{title, language, error, hint, status}` |

Events: `GET …/events`, `…/screen/events` send `event: room`, `data: {"at": 17, "parts": {"main": "<html>"}}`.
The same bytes go to every phone, at most about four times a second. A page swaps a part whose HTML differs from what it
has. Larger `at` is newer within one connection. `event: alive` comes every 20 seconds; a page that hears nothing for 50
seconds opens the line again, as after a sleep. `event: gone` means that the room is closed; then load the page again.

What pages get as `view`
------------------------
A question, everywhere: `{"question": SLUG, "kind", "prompt", "standing": "new" | "open" | "closed", "is_shown": bool,
"most", "fields": {name: label}, "parts": [{"part", "text", "options": {value: label}, "fixed": bool}]}` (a fixed line
has no options). A line: `{"line": ID, "text", "fields": {name: text}, "standing": "waiting" | "approved" | "hidden",
"is_free": whether its wall may show it, "with": [texts of similar lines], "count", "settled": "" | "ours" | "park" |
"now", "owner", "place", "date"}`.
A result: `{"question", "prompt", "chart": PATH or "", "lines": [line]}`;
`GET PATH` gives the chart as an HTML fragment (`Chart.to_html()`), drawn in a process of its own.

- phone: `{"title", "language", "path", "is_closed", "step": {"slug", "name", "number", "of", "phone"},
  "questions": [open ones of this step], "seen": [closed ones of this step], "boundaries": [texts]}`
  and, in the page but not in the part, `"mine"`, `"saved": PART or ""`, `"problem": None or {"error", "hint"}`.
- screen: `{"title", "language", "path", "is_closed", "step": …, "join": {"address", "code", "qr": SVG or "",
  "secure"}, "joined": n, "timer": {"left": seconds, "of": seconds} or None, "results": [results shown in this step],
  "boundaries": [texts], "parked": [lines], "open": [questions open]}`.
- console: all that screen has, and `{"token", "steps": [{"slug", "name", "minutes", "is_here", "number"}], "say", "do",
  "large", "questions": [questions of this step, each with "answered": n in fives], "lines": [all lines of this step],
  "addresses": [of this machine], "let_in": "" or address, "days", "privacy": [paragraphs],
  "is_synthetic": bool, "problem": None or {"error", "hint"}}`.

What a phone sends: `POST /r/ROOM/answer`, JSON `{"part", "revision", "answer"}` (revision: a whole number that grows
with each change on this phone) → `{"part", "revision", "saved": true}`, sent only when it is on disk. Its form twin has
the fields `part`, `answer` (or the fields of `thanks`, `commitment`, with `show` = "yes" or "no"), `skip` = "yes"
to pass; the server counts the revision up and leads back to `/r/ROOM/?saved=PART`.
`GET /r/ROOM/mine` → `{"mine": {PART: {"revision", "answer"}}, "open": […]}`: this phone's own answers, also in the
page's view, and what is open.
Every refusal is `{"error", "hint", "status"}`. 503 and 429 mean “not saved, will be tried again” (wait `Retry-After`
seconds); 409 that the question is closed; 401 that this phone is not in the room (load `/`); 4xx else: do not repeat.

What the console sends: `POST /console/ROOM/act`, JSON `{"act": NAME, …}` with the header `X-Room-Token: TOKEN`, or a
form with `act`, … and `token` (`view["token"]`), which leads back to the console.

| act | with | does |
|---|---|---|
| `step` | `step` | goes to that step |
| `open`, `close` | `question` | takes answers, takes no more (open again to reopen) |
| `reveal`, `undo` | `question` | shows it on the screen, takes it back |
| `approve`, `hide`, `wait` | `line` | shows a line, hides it, puts it back to be looked at |
| `group`, `ungroup` | `lines` (in forms `line` several times) | shows similar lines as one, the first; apart again |
| `settle` | `line`, `to` = "ours", "park", "now", "" | where a line goes |
| `park` | `line`, `owner`, `place`, `date` | fills in a parked line |
| `boundary` | `question`, `line`, `text` | the final wording of a boundary; fixed lines cannot be changed |
| `timer` | `minutes` (0 stops it) | a timer on console and screen |
| `let-in` | `address` (one of `view["addresses"]`; "" stops) | lets phones reach this machine |
| `paper` | `csv` (columns part, answer, count) | counts paper cards, in place of those counted before |
| `close-room` | `days` (1 to 7; 0 erases all) | destroys pseudonyms and their key |
| `delete-room` | `sure` = "yes" | erases everything of this room |
"""
