"""The server of rounds of “How others see me”: raters answer about one person, who sees one result, once.

| Module | Holds |
|---|---|
| `round_days` | on which days raters can answer, the owner can open, and the count is looked at |
| `rater_forms` | the answers of a round as they are stored: always of one length |
| `round_table` | the one table, and how a round in it is locked |
| `rounds` | the life of a round: answers, one opening, the end |
| `refusals` | the words of the pages, and what is refused |
| `overdue` | rounds that end while no server runs |
| `web/` | the pages of raters, and what the owner's notebook asks for |
| `commands` | `course others host` |

It stands on the live session's server (`course.workshop`): encryption, keys, addresses and safe headers are the same.
What may be seen of the answers is decided by `course.privacy.rater_release` alone.
"""
