"""mypy over the files of the katas, which are no package: `hidden.py` stands in each folder, and a name may have a `-`.

They are shown to mypy as modules `katas.NAME.hidden`, by links in a folder for the time being, and what it says is
told of the files themselves. How strict it is stands in pyproject.toml, under `katas.*`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = [*sorted((ROOT / "katas").iterdir()), ROOT / "interview" / "content" / "new-kata"]
ACCEPTED = Path("submissions") / "accepted"


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name) / "katas"
        for folder in FOLDERS:
            for file in folder.glob("*.py"):
                link = place / module(folder.name) / file.name
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(file)
        command = [
            *(sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")),
            *("--cache-dir", str(ROOT / ".mypy_cache" / "katas"), "--explicit-package-bases", "--no-error-summary"),
            "katas",
        ]
        paths = {"MYPYPATH": f".:{ROOT}"}
        done = subprocess.run(command, cwd=name, env=paths, stdout=subprocess.PIPE, text=True, check=False)
    real = {module(folder.name): folder.relative_to(ROOT) for folder in FOLDERS}
    print(re.sub(r"^katas/(\w+)/", lambda found: f"{real[found[1]]}/", done.stdout, flags=re.MULTILINE), end="")
    return done.returncode


def module(name: str) -> str:
    return name.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main())
