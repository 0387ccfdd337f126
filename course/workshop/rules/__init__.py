"""The rules of one session: what may be answered, what counts, and what a facilitator can do. No input or output."""
