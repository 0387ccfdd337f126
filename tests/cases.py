"""Many small cases in one test: thousands of tests of a millisecond each cost far more than what they check."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def every(names: str, cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test for each case, as `parametrize` does, but in one test; the failure names each case that failed.

    `names` are those of its arguments, with commas between them. For tests whose fixtures are not changed by a case.
    """
    arguments = [name.strip() for name in names.split(",")]
    table = [_values(case, len(arguments)) for case in cases]
    assert table, "a test without cases cannot fail"

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            __tracebackhide__ = True
            failures = []
            for case in table:
                values = dict(zip(arguments, case, strict=True))
                try:
                    test(**values, **fixtures)
                except (Exception, pytest.fail.Exception) as error:
                    failures.append(f"{values}\n{type(error).__name__}: {error}")
            if failures:
                pytest.fail(f"{len(failures)} of {len(table)} cases failed:\n" + "\n\n".join(failures), pytrace=False)

        signature = inspect.signature(test)
        wanted = [parameter for name, parameter in signature.parameters.items() if name not in arguments]
        run.__signature__ = signature.replace(parameters=wanted)  # type: ignore[attr-defined]
        return run

    return decorate


def _values(case: Any, many: int) -> tuple[Any, ...]:
    """Return the values of one case, also where it was written as a `pytest.param`."""
    if isinstance(case, type(pytest.param())):
        return tuple(case.values)
    return tuple(case) if many > 1 else (case,)
