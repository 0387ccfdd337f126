"""`python -m course` does what `course` does."""

from course.cli import main

main()
