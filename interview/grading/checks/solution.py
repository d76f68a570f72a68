"""The submission as a suite meets it: `solution`, what it gives out by handle, and what comes when it raises."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from interview.grading.solution.errors import ForbiddenCall, SubmissionError
from interview.grading.solution.format import shape_of
from interview.grading.solution.remote import Keywords, Remote, Solution

__all__ = ["ForbiddenCall", "Keywords", "Remote", "Solution", "SubmissionError", "shape_of", "shown_as"]


@contextmanager
def shown_as(solution: Solution, text: str) -> Iterator[None]:
    """A call in here, made through a helper, is shown in the submission's own terms, whether or not it raises."""
    try:
        yield
    finally:
        solution.call = text
