"""The log of our own bugs."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path


def log_crash() -> Path:
    """Write the traceback being handled to a file of its own; the path is for the person to send us."""
    handle, name = tempfile.mkstemp(prefix="interview-crash-", suffix=".log")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{sys.argv}\n{sys.version}\n{traceback.format_exc()}")
    return Path(name)
