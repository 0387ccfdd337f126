"""A second marker: which reflections they mark too, what they get to read, and the marks that come back."""
