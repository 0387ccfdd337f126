"""Who is in the cohort, from whatever table a trainer has: `course roster`."""
