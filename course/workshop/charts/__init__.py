"""The charts of a session: what its counts make, how wide the screen has them, and the process that draws them."""
