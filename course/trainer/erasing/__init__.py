"""Remove a learner everywhere in a course directory."""
