"""The script of a workshop as data: its file's syntax, steps and questions, and the follow-up of an earlier session."""
