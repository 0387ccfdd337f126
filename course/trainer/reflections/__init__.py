"""The reflections that a person reads: which of them wait, in what order, and which have nothing in them."""
