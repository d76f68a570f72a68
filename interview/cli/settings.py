"""The small file of preferences, `config.toml` in the user's folder. It need not exist."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from interview.errors import UsageError


@dataclass(frozen=True, slots=True)
class Settings:
    """New cards and reviews a day; the interview's date, and the minutes a day for it."""

    new: int = 10
    reviews: int = 100
    interview: date | None = None
    minutes: int | None = None


def load_settings(home: Path) -> Settings:
    path = home / "config.toml"
    if not path.exists():
        return Settings()
    import tomllib

    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: {error}; mend it, or delete it for the defaults") from None
    quiz, plan = found.get("quiz", {}), found.get("plan", {})
    return Settings(
        new=whole(path, quiz, "new", 10),
        reviews=whole(path, quiz, "reviews", 100),
        interview=plan.get("date") if isinstance(plan.get("date"), date) else None,
        minutes=whole(path, plan, "minutes", 0) or None,
    )


def whole(path: Path, table: dict[str, Any], key: str, default: int) -> int:
    value = table.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError(f"{path}: `{key}` is a whole number, from 0, not {value!r}")
    return value


def save_settings(home: Path, settings: Settings) -> Path:
    """Written whole and renamed into place."""
    lines = ["[quiz]", f"new = {settings.new}", f"reviews = {settings.reviews}", "", "[plan]"]
    lines += [f"date = {settings.interview.isoformat()}"] if settings.interview else []
    lines += [f"minutes = {settings.minutes}"] if settings.minutes else []
    home.mkdir(parents=True, exist_ok=True)
    path, part = home / "config.toml", home / f"config.toml.{os.getpid()}"
    part.write_text("\n".join(lines) + "\n", "utf-8")
    part.replace(path)
    return path
