"""The problem with content: which file, which line, and a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from interview.dataclass import dataclass
from interview.errors import ContentError
from interview.printable import printable_line, unprintable
from interview.text import Text

MANY = 2_000  # names that a mistyped one is compared with
SHOWN = 5  # a person mends the first few; `interview lint` lists all


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    path: Path
    line: int
    text: str
    zh: str

    def __str__(self) -> str:
        return self.say("en")

    def say(self, lang: str) -> str:
        return f"{short(self.path)}:{self.line}: {printable_line(Text(self.text, self.zh).say(lang))}"


def short(path: Path) -> str:
    """The path as one would type it: relative when it lies below the current folder, and always on one line."""
    try:
        return printable_line(str(path.relative_to(Path.cwd())))
    except (ValueError, OSError):
        return printable_line(str(path))


class UnsoundError(ContentError):
    """All the problems of one file; the message tells the first of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(*("\n".join(shown(self.problems, lang)) for lang in ("en", "zh")))


def unsound(problems: Sequence[Problem | ContentError]) -> ContentError:
    """All of them, of several files."""
    return ContentError(*("\n".join(each.say(lang) for each in problems) for lang in ("en", "zh")))


def shown(problems: Sequence[Problem], lang: str) -> Iterator[str]:
    for each in problems[:SHOWN]:
        yield each.say(lang)
    if len(problems) > SHOWN:
        rest, path = len(problems) - SHOWN, short(problems[0].path)
        more = Text(
            f"and {rest} more: `interview lint {path}` lists them", f"还有 {rest} 条：`interview lint {path}` 全部列出"
        )
        yield more.say(lang)


def nearest(name: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches

    found = get_close_matches(name[:200], list(islice(known, MANY)), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(name: str, known: Iterable[str], lang: str = "en") -> str:
    """`: did you mean X?` for a mistyped name, or nothing."""
    from difflib import get_close_matches

    found = get_close_matches(name, list(known), n=3, cutoff=0.5)
    if not found:
        return ""
    names = Text(" or ", " 或 ").say(lang).join(f"`{each}`" for each in found)
    return Text(f": did you mean {names}?", f"，是不是 {names}？").say(lang)


def printable(text: str, most: int = 60) -> str:
    """Someone else's text on one line of ours: short, and without a terminal's escapes."""
    return printable_line(text, most)


def obeyed(text: str) -> tuple[str, str] | None:
    """Why this cannot be content, in both languages, if it holds what a terminal obeys instead of showing it."""
    found = unprintable().search(text)
    return (
        (f"the control character {found.group()!a}; take it out", f"含有控制字符 {found.group()!a}；请去掉")
        if found
        else None
    )
