"""Start nbgrader's own commands two seconds sooner: without the package that the course's commands leave out too.

The commands of a `checkout` get it by its folder on PYTHONPATH, where Python looks for `sitecustomize` when it starts.
`course.core.packages` says why nothing is lost.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # as leave_out_format_parsers does
