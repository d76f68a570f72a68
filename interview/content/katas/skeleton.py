"""The skeleton of a kata: a small one that is whole and proved, with a mark wherever something is still to be written.

It lies in `new-kata/`, in the files that a kata has, and is a kata that lint proves like any other: who replaces its
parts one by one has a sound kata after each.
"""

from __future__ import annotations

import keyword
import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from interview.content.reading.field import ID, LONGEST_ID
from interview.content.reading.problem import printable, short
from interview.errors import UsageError, in_chinese
from interview.printable import printable_line

FOLDER = Path(__file__).parent / "new-kata"
MARK = re.compile(r"(?:TO WRITE: ?|待写：)(.*)")  # what follows says what belongs there
KINDS = (".md", ".py", ".yaml")
SHADOWED = sys.stdlib_module_names | {"numpy", "pytest", "torch"}  # `interview kata random` hands out ./random.py


def check_name(name: str) -> None:
    """A kata's name is a folder's, an id, and with `_` for `-` a file's and a function's. Raises UsageError."""
    shown, near = printable(name), re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    if not ID.fullmatch(name):
        said = (f": say `{near}`", f"：可以写 `{near}`") if ID.fullmatch(near) else ("", "")
        raise UsageError(f"`{shown}` is no name of a kata; it is made of a-z, 0-9, `-` and `_`{said[0]}",
                         f"`{shown}` 不能作手写题的名字；只能用 a-z、0-9、`-` 和 `_`{said[1]}")  # fmt: skip
    if len(name) > LONGEST_ID:
        raise UsageError(f"a name of {len(name)} characters; give at most {LONGEST_ID}",
                         f"名字长 {len(name)} 个字符；最多 {LONGEST_ID} 个")  # fmt: skip
    word = python_name(name)
    if not word.isidentifier() or keyword.iskeyword(word):
        raise UsageError(f"`{word}` is no name of a function in Python; choose another than `{shown}`",
                         f"`{word}` 不能作 Python 的函数名；请换掉 `{shown}`")  # fmt: skip
    if word in SHADOWED:
        raise UsageError(f"./{word}.py, which the kata hands out, would hide the module `{word}`; choose another name",
                         f"这道题会给出 ./{word}.py，把模块 `{word}` 挡住；请换一个名字")  # fmt: skip


def python_name(name: str) -> str:
    return name.replace("-", "_")


def skeleton(name: str) -> dict[Path, str]:
    """Its files by their place in the kata's folder."""
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in KINDS)
    texts = {path.relative_to(FOLDER): path.read_text(encoding="utf-8") for path in files}
    return {path: text.replace("new_kata", python_name(name)).replace("new-kata", name) for path, text in texts.items()}


def write_skeleton(name: str, katas: Path) -> list[Path]:
    """`katas/NAME`, new and whole, or nothing; returns its files. Raises UsageError."""
    check_name(name)
    folder, part = katas / name, katas / f".{name}.{os.getpid()}.part"
    if os.path.lexists(folder):
        raise UsageError(f"{short(folder)} is there already and was left as it is",
                         f"{short(folder)} 已经存在，没有改动")  # fmt: skip
    texts, made = skeleton(name), [each for each in (katas, katas.parent) if not each.exists()]
    try:
        for place, text in texts.items():
            (part / place).parent.mkdir(parents=True, exist_ok=True)
            (part / place).write_text(text, encoding="utf-8", newline="\n")
        part.rename(folder)
    except OSError as error:
        whole = printable_line(str(folder))
        raise UsageError(
            f"{whole} cannot be written ({error.strerror or error}); name a folder of yours with --in",
            f"{whole} 写不了（{in_chinese(error)}）；请用 --in 指定你自己的文件夹",
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
        for each in made:
            with suppress(OSError):  # with a kata in it, it stays
                each.rmdir()
    return [folder / place for place in texts]


def unwritten(text: str) -> Iterator[tuple[int, str]]:
    """The marks that are left, and what belongs there: line and words."""
    for number, line in enumerate(text.splitlines(), 1):
        found = MARK.search(line)
        if found:
            yield number, found[1].strip().strip("\"'")
