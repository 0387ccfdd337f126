"""The workshop: tools for people who write the course."""
