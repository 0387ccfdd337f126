"""The kinds of activity, one file each: what a card asks, how its answer is checked and kept."""
