"""The answers of one page: their units, their file, what two windows make of it, and drafts."""
