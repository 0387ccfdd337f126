"""What the course adds to nbgrader, by nbgrader's own settings."""

from course.core.packages import leave_out_format_parsers

leave_out_format_parsers()  # before nbgrader is imported, also in the processes that mark
