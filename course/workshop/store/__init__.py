"""What the store has of sessions: tables, rows, the keys that rows are encrypted under, and their one writer."""
