"""mypy and an import contract over the files of the katas, which are no package: `hidden.py` stands in each folder, and
a name may have a `-`, which no module's has.

They are shown to both as modules `katas.NAME.hidden`, by links in a folder for the time being, and what is said of
those is told of the files themselves. How strict mypy is stands in pyproject.toml, under `katas.*`; what may be
imported, in katas.toml.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [*sorted((ROOT / "katas").iterdir()), ROOT / "interview" / "content" / "katas" / "new-kata"]
BIN = Path(sys.executable).parent
TYPES = [str(BIN / "mypy"), "--config-file", str(ROOT / "pyproject.toml"),
         "--cache-dir", str(ROOT / ".mypy_cache" / "katas"),
         "--explicit-package-bases", "--no-error-summary", "katas"]  # fmt: skip
IMPORTS = [str(BIN / "lint-imports"), str(ROOT / ".ci" / "katas.toml"), "--no-cache", "--no-logo"]


def main(folders: list[Path], tools: tuple[list[str], ...] = (TYPES, IMPORTS)) -> int:
    """1 if one of them complains."""
    names = {module(folder.name): folder for folder in folders}
    with tempfile.TemporaryDirectory() as place:
        for name, folder in names.items():
            files = sorted(folder.glob("*.py"))
            assert files, f"{folder} holds no file of Python"
            (Path(place) / "katas" / name).mkdir(parents=True)
            for file in files:
                (Path(place) / "katas" / name / file.name).symlink_to(file)
        return max([run(each, place, names) for each in tools])


def run(words: list[str], place: str, names: dict[str, Path]) -> int:
    """Quiet where all is well."""
    done = subprocess.run(words, cwd=place, env={"MYPYPATH": f".:{ROOT}", "PYTHONPATH": f".:{ROOT}"},
                          stdout=subprocess.PIPE, text=True, check=False)  # fmt: skip
    said = re.sub(r"^katas/(\w+)/", lambda found: f"{shown(names[found[1]])}/", done.stdout, flags=re.MULTILINE)
    said = re.sub(r"\bkatas\.(\w+)\.(\w+)", lambda found: f"{shown(names[found[1]])}/{found[2]}.py", said)
    if done.returncode:
        print(said, end="")
    return min(done.returncode, 1)


def shown(folder: Path) -> Path:
    return folder.relative_to(ROOT) if folder.is_relative_to(ROOT) else folder


def module(name: str) -> str:
    return name.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main([Path(each).resolve() for each in sys.argv[1:]] or FOLDERS))
