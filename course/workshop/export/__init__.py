"""What people in a session may take away: one record, and the same of it as a page, for Word, as a table, as data."""
