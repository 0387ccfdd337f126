"""What a learner keeps: answers, journal, ratings, scores, progress, submissions and feedback files."""
