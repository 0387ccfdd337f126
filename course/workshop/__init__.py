"""The live workshop: phones answer, one screen shows what may be shown, and nobody can tell who said what.

From the ground up; each imports only those before it.

| Modules and packages | Hold |
|---|---|
| `errors`, `plain_text` | refusals and the log; what people typed, as plain text |
| `wire`, `view_parts`, `templates` | all that is sent and shown, as types; pages and their words |
| `access` | keys, codes and pseudonyms; pairing; how fast anyone may send; the addresses of this computer |
| `record`, `store` | what a session leaves behind; the encrypted store, whose one writer commits many answers at once |
| `script` | the workshop as data, its mistakes by line; what a follow-up takes from an earlier session |
| `rules` | what may be answered; what of it is counted; what people wrote; what the facilitator can do. No clock |
| `sessions` | rules and store together: nothing counts or shows before it is on disk |
| `charts` | what the counts make, drawn in a process of its own |
| `views`, `paper`, `tally`, `export` | what may be shown, on paper too, and taken away; nothing else leaves a session |
| `web` | the server: addresses, pages, event streams, and what is noticed when it fills up, dies or stands still |
| `commands`, `worker`, `notebook`, `synthetic_phones` | the commands, the facilitator's notebook, the rehearsal |

A phone sends `wire.AnswerMessage`; `sessions` asks `rules` whether it may be answered, `store` writes it, and only then
it is counted and acknowledged. A few times a second `web.broadcast` sends what `views` show of it.
"""
