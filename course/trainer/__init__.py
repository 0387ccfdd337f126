"""What the course adds to nbgrader, by nbgrader's own settings."""
