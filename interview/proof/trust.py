"""Code that came with a pack: whose it is, and whether the person has agreed to run it, as it is now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder or a file that is not ours, and the decks and katas in it that bring code."""

    path: Path
    sources: tuple[Path, ...]

    def fingerprint(self) -> str:
        """Of every file that may run; a change of one asks again."""
        hashed = hashlib.sha256()
        for source in self.sources:
            files = [source] if source.is_file() else sorted(each for each in source.rglob("*") if each.is_file())
            for file in files:
                hashed.update(f"{file}\0{file.stat().st_size}\0".encode())
                hashed.update(file.read_bytes())
        return hashed.hexdigest()


def packs_of(sources: Iterable[Path], *, ours: Path) -> list[Pack]:
    """The sources that do not lie below `ours`, by pack."""
    found: dict[Path, list[Path]] = {}
    for source in sources:
        real = source.resolve()
        if not real.is_relative_to(ours.resolve() / "questions") and not real.is_relative_to(ours.resolve() / "katas"):
            whole = real.parent.parent if real.parent.name in ("questions", "katas") else real.parent
            found.setdefault(whole, []).append(real)
    return [Pack(path, tuple(sorted(each))) for path, each in found.items()]


def is_trusted(pack: Pack, home: Path) -> bool:
    return pack.fingerprint() in trusted(home)


def trust(pack: Pack, home: Path) -> None:
    """Remember that the person agreed."""
    home.mkdir(parents=True, exist_ok=True)
    written = json.dumps(trusted(home) | {pack.fingerprint(): str(pack.path)}, indent=1, ensure_ascii=False)
    beside = home / "trusted.json.new"
    beside.write_text(written + "\n", encoding="utf-8")
    beside.replace(home / "trusted.json")


def trusted(home: Path) -> dict[str, str]:
    """Fingerprint → path. A file that cannot be read trusts nothing: the person is asked again."""
    try:
        found = json.loads((home / "trusted.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
