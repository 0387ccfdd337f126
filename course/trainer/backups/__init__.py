"""Backups of a cohort's work in one file, and restoring one: `course backup` and `course restore`."""
