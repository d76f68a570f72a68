"""Rooms: a folder is the answer to one question."""

from __future__ import annotations

from pathlib import Path

import pytest

import interview

PACKAGE = Path(interview.__file__).parent
MOST = 12  # modules that a reader takes in at a glance
ROOMS = sorted({each.parent for each in PACKAGE.rglob("*.py")})


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: str(room.relative_to(PACKAGE.parent)))
def test_no_room_is_crowded(room: Path) -> None:
    """No more than a dozen modules: what is more is two things, and each has a name."""
    modules = [each.name for each in room.glob("*.py") if each.name != "__init__.py"]
    assert len(modules) <= MOST, sorted(modules)
