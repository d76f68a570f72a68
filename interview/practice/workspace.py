"""The person's own file: handed out once, read for a check, never written over."""

from __future__ import annotations

import io
import tokenize
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from interview.content.deck import Text
from interview.content.kata import Kata
from interview.errors import UsageError
from interview.grading.signatures import is_untouched

SOURCE_LIMIT = 1 << 20  # bytes of a submission


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it was read: its text, or in `trouble` the reason why it is none."""

    path: Path
    source: str
    trouble: Text | None = None


def default_file(kata_id: str) -> Path:
    """`./NAME.py`, with `_` for `-`."""
    return Path.cwd() / f"{kata_id.replace('-', '_')}.py"


def hand_out(kata: Kata, path: Path, lang: str) -> bool:
    """Write the task and the stub to `path`; False if something is there already, which stays as it is."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(sheet(kata, lang))
    except FileExistsError:
        return False
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}); go to a folder of yours, or name a file with --file"
        ) from None
    return True


def sheet(kata: Kata, lang: str) -> str:
    """The file that is handed out: the task as its docstring, then the stub."""
    prompt = kata.prompt.say(lang).strip().replace('"""', "'''")
    raw = "r" if "\\" in prompt else ""
    return f'{raw}"""{prompt}\n"""\n\n{kata.stub}'


def read_submission(path: Path) -> Submission:
    """The file to be graded. A missing one is the person's to mend; an unreadable one is a submission in trouble."""
    try:
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name the file with --file")
        with path.open("rb") as file:
            data = file.read(SOURCE_LIMIT + 1)
    except FileNotFoundError:
        raise UsageError(
            f"there is no {path}: hand the task out first (without --check), or name your file with --file"
        ) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    return decode(path, data)


def decode(path: Path, data: bytes) -> Submission:
    if len(data) > SOURCE_LIMIT:
        trouble = Text("it is larger than 1 MiB; is this the file you meant?", "文件超过 1 MiB，是不是选错了文件？")
        return Submission(path, "", trouble)
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        source = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return Submission(
            path, "", Text("it is not UTF-8 text; save it as UTF-8", "它不是 UTF-8 文本；请以 UTF-8 保存")
        )
    if "\0" in source:
        return Submission(
            path, "", Text("it holds null bytes: it is not Python text", "文件含有空字节，不是 Python 源码")
        )
    return Submission(path, source.removeprefix("\ufeff"))


def untouched(kata_stub: str, source: str) -> bool:
    """Is it still what was handed out? Told from the syntax tree; a file much longer than the stub is not asked."""
    return len(source) < 20_000 and is_untouched(source, kata_stub)


def attempts_folder(home: Path, kata_id: str) -> Path:
    return home / "attempts" / kata_id


def keep_copy(home: Path, kata_id: str, source: str, *, sha256: str, at: datetime) -> Path:
    """A copy of what was checked, named by the moment and the content; the same content is kept once."""
    folder = attempts_folder(home, kata_id)
    folder.mkdir(parents=True, exist_ok=True)
    known = next(folder.glob(f"*-{sha256[:12]}.py"), None)
    if known is not None:
        return known
    path = folder / f"{at:%Y%m%d-%H%M%S}-{sha256[:12]}.py"
    path.write_text(source, encoding="utf-8", newline="")
    return path


def next_hint(home: Path, kata: Kata) -> int:
    """The rung to show: one further than last time, the last one again after that. Remembered by an appended line."""
    folder = attempts_folder(home, kata.id)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "hints.log"
    seen = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
    rung = min(seen, len(kata.hints) - 1)
    if seen < len(kata.hints):
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{rung + 1}\n")
    return rung
