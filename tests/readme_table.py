"""The table of katas in the README, made from what lint proves: `python tests/readme_table.py` writes it anew."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

README = Path(__file__).resolve().parent.parent / "README.md"
TABLE = re.compile(r"(<!-- katas -->\n).*?(<!-- /katas -->)", re.DOTALL)


def table(rows: list[dict[str, Any]]) -> str:
    heads = ("kata", "checks", "right answers accepted", "wrong answers caught", "mutants caught", "a verdict")
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for row in rows:
        right = f"{row['accepted']} of {row['accepted_of']}"
        caught = f"{row['caught']} of {row['caught_of']}"
        same = f", {row['equivalent']} equivalent" if row["equivalent"] else ""
        mutants = f"{row['mutants']} of {row['mutants_of']}{same}"
        lines.append(f"| `{row['kata']}` | {row['checks']} | {right} | {caught} | {mutants} | {row['verdict']:.2f} s |")
    return "\n".join(lines) + "\n"


def main() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("interview"), "lint", "--mutants", "--json"],
        stdout=subprocess.PIPE,
        check=False,
    )
    said = json.loads(done.stdout)
    for problem in said["problems"]:
        print(f"{problem['file']}:{problem['line']}: {problem['text']}", file=sys.stderr)
    text = README.read_text("utf-8")
    README.write_text(TABLE.sub(lambda found: found[1] + table(said["katas"]) + found[2], text), "utf-8")


if __name__ == "__main__":
    main()
