"""The submission as a suite meets it: `solution`, what it gives out by handle, and what comes when it raises."""

from __future__ import annotations

from interview.grading.faults import ForbiddenCall, SubmissionError
from interview.grading.proxy import Keywords, Remote, Solution
from interview.grading.showing import shape_of

__all__ = ["ForbiddenCall", "Keywords", "Remote", "Solution", "SubmissionError", "shape_of"]
