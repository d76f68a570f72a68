"""The world as arguments: where things live, what time it is, which language, whether there is a terminal."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from interview.content.packs import added, complaints
from interview.dataclass import dataclass
from interview.errors import UsageError
from interview.printable import printable_line
from interview.text import Text

if TYPE_CHECKING:
    from rich.console import Console

    from interview.cli.settings import Settings

LANGUAGES = ("en", "zh")
DAY = 1440  # minutes
LAST_SEED = 2**63 - 1


@dataclass(frozen=True, slots=True)
class World:
    """`chosen` are the person's settings, once a command goes by them (`main.by_rules`)."""

    lang: str
    color: bool
    chosen: Settings | None = None

    @classmethod
    def here(cls, *, lang: str | None, color: bool) -> World:
        return cls(lang=pick_language(lang), color=color and not os.environ.get("NO_COLOR"))

    @property
    def settings(self) -> Settings:
        """The person's, or the defaults: imported when they are asked for, which no shell does at a Tab."""
        if self.chosen is not None:
            return self.chosen
        from interview.cli.settings import NOTHING_SET

        return NOTHING_SET

    def speaking(self, lang: str | None) -> World:
        """This world in the language of a command's own `--lang`."""
        return self if lang is None else replace(self, lang=pick_language(lang))

    def home(self) -> Path:
        """The user's data: history and attempts. Not created here: reading must not leave traces."""
        named = os.environ.get("INTERVIEW_HOME")
        if not named:
            import platformdirs

            try:
                named = platformdirs.user_data_dir("interview", appauthor=False)
            except RuntimeError:
                named = "~"
        return whole_path(named)

    def cache(self) -> Path | None:
        """Where lies what may be lost at any time; None where there is no such place. Not created here either."""
        if os.environ.get("INTERVIEW_HOME"):
            return self.home() / "cache"
        import platformdirs

        try:
            return whole_path(platformdirs.user_cache_dir("interview", appauthor=False))
        except (RuntimeError, UsageError):
            return None

    def roots(self) -> tuple[Path, ...]:
        """Folders holding `questions/` and `katas/`: ours, INTERVIEW_PATH's, those added, then what was imported.

        A pack that is named twice, or in two ways, is one.
        """
        own = self.own_pack()
        return each_once(*self.named_roots(), *([own] if own.is_dir() else []))

    def named_roots(self) -> tuple[Path, ...]:
        """Those of `roots` that are named, be they there or not."""
        return each_once(shipped(), *self.path_roots(), *added(self.home()))

    def path_roots(self) -> tuple[Path, ...]:
        """Those that INTERVIEW_PATH names."""
        named = os.environ.get("INTERVIEW_PATH", "")
        return tuple(whole_path(each) for each in named.split(os.pathsep) if each)

    def tell_misnamed(self) -> None:
        """What INTERVIEW_PATH or packs.txt names and is no pack is told; the command goes on without it."""
        named = os.environ.get("INTERVIEW_PATH", "")
        for each in dict.fromkeys(filter(None, named.split(os.pathsep))):
            if trouble := trouble_with(each):
                said = MISNAMED[trouble].say(self.lang, path=printable_line(each, 300))
                print(f"interview: INTERVIEW_PATH: {said}", file=sys.stderr)
        try:
            home = self.home()
        except UsageError:  # whoever needs it says so
            return
        for problem in complaints(home):
            print(f"interview: {problem.say(self.lang)}", file=sys.stderr)
        for pack in added(home):
            if trouble := trouble_with(pack):
                said = MISNAMED[trouble].say(self.lang, path=printable_line(str(pack), 300))
                advice = TAKE_OUT.say(self.lang, name=printable_line(pack.name or "/", 300))
                print(f"interview: {said}{advice}", file=sys.stderr)

    def own_pack(self) -> Path:
        """Where `interview import` puts decks: a pack like any other, in the user's folder."""
        return self.home() / "pack"

    def now(self) -> datetime:
        """The clock, with its offset. INTERVIEW_NOW replaces it, for tests and simulations."""
        named = os.environ.get("INTERVIEW_NOW")
        if not named:
            return datetime.now().astimezone()
        from interview.cli.settings import FIRST_YEAR, LAST_YEAR

        try:
            moment = datetime.fromisoformat(named)
            moment = moment if moment.tzinfo else moment.astimezone()
        except (ValueError, OverflowError):
            raise UsageError(
                f"INTERVIEW_NOW is not an ISO time: {named!r}; write 2026-12-14T09:00",
                f"INTERVIEW_NOW 不是 ISO 时间：{named!r}；请写成 2026-12-14T09:00",
            ) from None
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise UsageError(
                f"INTERVIEW_NOW is {named}; no clock shows a year before {FIRST_YEAR} or after {LAST_YEAR}",
                f"INTERVIEW_NOW 是 {named}；年份要在 {FIRST_YEAR} 到 {LAST_YEAR} 之间",
            )
        return moment

    def today(self) -> date:
        """The day that now counts for, which begins when the person says."""
        from interview.drill.schedule import local_day

        return local_day(self.now(), self.settings.rules)

    def has_keyboard(self) -> bool:
        """Single keys need a terminal on both ends."""
        return sys.stdin.isatty() and sys.stdout.isatty()

    def console(self, *, err: bool = False) -> Console:
        from interview.cli.console import open_console

        return open_console(err=err, color=self.color)


MISNAMED = {
    "gone": Text("there is no folder {path}", "没有文件夹 {path}"),
    "file": Text(
        "{path} is a file; name the folder that holds questions/ or katas/",
        "{path} 是文件；请写包含 questions/ 或 katas/ 的文件夹",
    ),
    "empty": Text("{path} holds neither questions/ nor katas/", "{path} 里既没有 questions/ 也没有 katas/"),
    "closed": Text("{path} may not be looked into: check its permissions", "没有权限查看 {path}：请检查它的权限"),
    "home": Text("{path}: no such home folder is known", "{path}：找不到这个主目录"),
}


TAKE_OUT = Text("; `interview pack remove {name}` takes it out", "；`interview pack remove {name}` 可去掉它")


def trouble_with(named: str | Path) -> str | None:
    """What is wrong with a folder that is named as a pack, by its word in MISNAMED."""
    try:
        return misnamed(whole_path(named))
    except UsageError:
        return "home"
    except OSError:
        return "closed"


def each_once(*roots: Path) -> tuple[Path, ...]:
    once: dict[str, Path] = {}
    for each in roots:
        once.setdefault(os.path.realpath(each), each)
    return tuple(once.values())


def misnamed(pack: Path) -> str | None:
    """What is wrong with a folder of decks and katas, if anything."""
    if not pack.exists():
        return "gone"
    if not pack.is_dir():
        return "file"
    return None if (pack / "questions").is_dir() or (pack / "katas").is_dir() else "empty"


def whole_path(named: str | Path) -> Path:
    """From the root on, with `~` for a home folder."""
    path = Path(os.path.expanduser(named))  # noqa: PTH111  (where no such home is known, the `~` stays)
    if str(path).startswith("~"):
        raise UsageError(
            f"{path}: no such home folder is known; write the whole path, or set INTERVIEW_HOME",
            f"{path}：找不到这个用户的主目录；请写完整路径，或设置 INTERVIEW_HOME",
        )
    return path.absolute()


def finite(minutes: float | None) -> float | None:
    """For an option: `nan` lies within every range."""
    if minutes is not None and not math.isfinite(minutes):
        raise UsageError(f"-m is a number of minutes, not {minutes}", f"-m 是分钟数，不能是 {minutes}")
    return minutes


def pick_language(asked: str | None) -> str:
    if asked is not None and asked not in LANGUAGES:
        raise UsageError(f"--lang is en or zh, not {asked!r}", f"--lang 只能是 en 或 zh，不能是 {asked!r}")
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    wanted = asked or os.environ.get("INTERVIEW_LANG") or locale
    return "zh" if wanted.lower().startswith("zh") else "en"


def shipped() -> Path:
    """The content that came with the package: inside the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "_content"
    return inside if inside.is_dir() else package.parent


def is_ours(path: Path) -> bool:
    """Does it lie in the shipped content, all links and `..` followed? What lies elsewhere in a checkout does not."""
    real, ours = Path(os.path.realpath(path)), Path(os.path.realpath(shipped()))
    return any(real.is_relative_to(ours / name) for name in ("questions", "katas"))


def is_our_suite(folder: Path) -> bool:
    """Neither the kata's folder nor its hidden suite leads out of the shipped content."""
    from interview.content.katas.library import folders

    return is_ours(folder) and all(is_ours(each / "hidden.py") for each in folders(folder))
