"""Tools for people who write the course: tidy and review notebooks, begin a lesson."""
