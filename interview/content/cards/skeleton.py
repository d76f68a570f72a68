"""The skeleton of a deck: three sound cards of three kinds, with a mark wherever something is still to be written."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from interview.content.reading.field import ID, LONGEST_ID
from interview.content.reading.problem import printable, short
from interview.errors import UsageError, in_chinese
from interview.printable import printable_line

FILE = Path(__file__).parent / "new-deck.yaml"


def check_name(name: str) -> None:
    """A deck's name is an id, and a file's beside the references. Raises UsageError."""
    if not ID.fullmatch(name):
        raise UsageError(f"`{printable(name)}` is no name of a deck; it is made of a-z, 0-9, `-` and `_`",
                         f"`{printable(name)}` 不能作题库的名字；只能用 a-z、0-9、`-` 和 `_`")  # fmt: skip
    if len(name) > LONGEST_ID:
        raise UsageError(f"a name of {len(name)} characters; give at most {LONGEST_ID}",
                         f"名字长 {len(name)} 个字符；最多 {LONGEST_ID} 个")  # fmt: skip
    if name.startswith(("references", "refs")):
        raise UsageError(f"`{name}`: a file of that name holds references, no deck; choose another name",
                         f"`{name}`：这样的文件名是留给参考文献的；请换一个名字")  # fmt: skip


def write_skeleton(name: str, questions: Path) -> Path:
    """`questions/NAME.yaml`, new and whole, or nothing. Raises UsageError."""
    path = questions / f"{name}.yaml"
    text = FILE.read_text(encoding="utf-8").replace("new-deck", name)
    made, begun = not questions.exists(), False
    try:
        questions.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            begun = True
            file.write(text)
    except OSError as error:
        with suppress(OSError):
            if begun:
                path.unlink()
            if made:
                questions.rmdir()
        if isinstance(error, FileExistsError) and path.parent.is_dir():
            raise UsageError(f"{short(path)} is there already and was left as it is",
                             f"{short(path)} 已经存在，没有改动") from None  # fmt: skip
        whole = printable_line(str(path))
        raise UsageError(
            f"{whole} cannot be written ({error.strerror or error}); name a folder of yours with --in",
            f"{whole} 写不了（{in_chinese(error)}）；请用 --in 指定你自己的文件夹",
        ) from None
    return path
