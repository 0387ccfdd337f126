"""The live workshop: phones answer, one screen shows what may be shown, and nobody can tell who said what.

From the ground up; each module imports only those before it.

| Modules | Hold |
|---|---|
| `errors`, `rate_limit`, `tokens` | refusals and the log; how fast anyone may send; keys, codes, pseudonyms |
| `wire`, `page_views` | all that is sent and shown, as types |
| `templates`, `script_syntax`, `script` | pages and their words; the workshop as data, its mistakes by line |
| `answers`, `counts`, `lines` | what may be answered; what of it is counted; what people wrote, and the walls |
| `session_model`, `actions` | the rules of a session, and what the facilitator can do. No input or output, no clock |
| `encryption`, `session_keys` | what makes the store readable, and what is destroyed first at the close |
| `store_tables`, `session_rows`, `store_upgrade` | tables, and the rows of a session, encrypted |
| `store`, `session_store` | the store, by one writer that commits many answers at once |
| `record` | what a session leaves behind, as types, and the file that it is saved in |
| `session`, `sessions` | rules and store together: nothing counts or shows before it is on disk |
| `views`, `paper`, `export` | what may be shown, on paper too, and taken away; nothing else leaves a session |
| `broadcast`, `chart_renderer` | event streams; charts, in a process of their own |
| `networks`, `way_in` | the addresses of this computer; whether a phone has come in by one |
| `public_address`, `certificate`, `endpoint`, `listeners` | open addresses: by which names, with which certificate |
| `writer_progress`, `health`, `loop_watch` | what is noticed when it fills up, dies or stands still |
| `context`, `base_handler`, `phone_routes`, `console_routes`, `server` | the wire |
| `overdue` | sessions that end while no server runs |
| `commands`, `notebook`, `synthetic_phones` | the command, the facilitator's notebook, the rehearsal |

A phone sends `wire.AnswerMessage`; `session` asks `session_model` whether it may be answered, `store` writes it, and
only then it is counted and acknowledged. A few times a second `broadcast` sends what `views` show of it.
"""
