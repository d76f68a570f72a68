"""The workspace: the person's own file, handed out once, kept as it was checked, never written over."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, count
from pathlib import Path

from interview.content.katas.kata import Kata
from interview.content.reading.source import read_regular
from interview.errors import UsageError, in_chinese
from interview.grading.stub import is_untouched
from interview.whole_file import append, write_whole

PASSED = b"passed"  # a line of hints.log


def default_file(kata_id: str) -> Path:
    """`./NAME.py`, with `_` for `-`."""
    return Path.cwd() / f"{kata_id.replace('-', '_')}.py"


def hand_out(kata: Kata, path: Path, lang: str) -> bool:
    """Write the task and the stub to `path`; False if something is there already, which stays as it is."""
    return write_new(path, sheet(kata, lang))


def write_new(path: Path, text: str) -> bool:
    """All of `text` in a file that was not there; False if something is, which stays as it is."""
    try:
        file = path.open("x", encoding="utf-8")
    except FileExistsError:
        return False
    except OSError as error:
        raise unwritable(path, error) from None
    try:
        with file:
            file.write(text)
    except OSError as error:
        path.unlink(missing_ok=True)  # ours, and only a part of it: the next time it would be taken for the person's
        raise unwritable(path, error) from None
    return True


def unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"{path} cannot be written ({error.strerror}); go to a folder of yours, or name a file with --file",
        f"{path} 写不了（{in_chinese(error)}）；请到你自己的文件夹里运行，或用 --file 指定文件",
    )


def sheet(kata: Kata, lang: str) -> str:
    """The file that is handed out: the task as its docstring, then the stub."""
    prompt = kata.prompt.say(lang).strip().replace('"""', "'''")
    raw = "r" if "\\" in prompt else ""
    return f'{raw}"""{prompt}\n"""\n\n{kata.stub}'


def untouched(kata_stub: str, source: str) -> bool:
    """Is it still what was handed out? A file much longer than the stub is not asked."""
    return len(source) < 20_000 and is_untouched(source, kata_stub)


def attempts_folder(home: Path, kata_id: str) -> Path:
    return home / "attempts" / kata_id


def keep_copy(home: Path, kata_id: str, source: str, *, sha256: str, at: datetime) -> Path:
    """A copy of what was checked, named by the moment and the content; the same content is kept once."""
    folder = attempts_folder(home, kata_id)
    folder.mkdir(parents=True, exist_ok=True)
    data = source.encode()
    for known in sorted(folder.glob(f"*-{sha256[:12]}.py")):
        if holds(known, data):
            return known
    names = (f"{at:%Y%m%d-%H%M%S}{again}-{sha256[:12]}.py" for again in chain([""], (f".{n}" for n in count(2))))
    path = next(folder / name for name in names if not (folder / name).exists())
    write_whole(path, data)
    return path


def holds(path: Path, data: bytes) -> bool:
    """A copy that was changed since is none any more."""
    try:
        return read_regular(path, len(data)) == data
    except OSError:
        return False


def hints_seen(home: Path, kata_id: str) -> int:
    """How many rungs were shown since the last pass: a line each, whatever an editor made of it."""
    try:
        data = read_regular(attempts_folder(home, kata_id) / "hints.log")
    except (FileNotFoundError, NotADirectoryError):
        return 0
    lines = (data or b"").splitlines()
    passes = [n for n, line in enumerate(lines, 1) if line.strip() == PASSED]
    return len(lines) - (passes[-1] if passes else 0)


def next_hint(home: Path, kata: Kata) -> int:
    """The rung to show: one further than last time, the last one again after that."""
    return min(hints_seen(home, kata.id), len(kata.hints) - 1)


def remember_hint(home: Path, kata: Kata, rung: int) -> None:
    """A line more, unless this rung has one."""
    if rung >= hints_seen(home, kata.id):
        note_hint(home, kata.id, str(rung + 1))


def begin_hints_anew(home: Path, kata_id: str) -> None:
    """After a pass the ladder starts at its first rung again."""
    if hints_seen(home, kata_id):
        note_hint(home, kata_id, PASSED.decode())


def note_hint(home: Path, kata_id: str, line: str) -> None:
    folder = attempts_folder(home, kata_id)
    folder.mkdir(parents=True, exist_ok=True)
    append(folder / "hints.log", f"{line}\n".encode())
