"""The server of sessions: what browsers ask for, what is broadcast to them, and where it listens."""
