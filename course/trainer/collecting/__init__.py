"""Collect what learners hand in: through the exchange, and as files in `inbox/`."""
