"""A marked exercise as people read it in the formgrader, and what keeps its page safe."""
