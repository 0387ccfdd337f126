"""The cohort report: one copy for the trainer, one to pass on, and cells of a notebook."""
