"""The settings: `config.toml`, which only the person writes; `plan.toml`, which `interview plan` writes, and
`fsrs.toml`, which `interview stats --fit` writes.

All lie in the user's folder, and none need exist. A [plan] in config.toml counts while there is no plan.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from interview.content.reading.problem import Problem, UnsoundError, printable
from interview.dataclass import dataclass
from interview.drill.day import Limits
from interview.drill.schedule import BOUNDS, DEFAULT, Rules
from interview.errors import ContentError
from interview.log.file import is_there
from interview.whole_file import write_whole

if TYPE_CHECKING:
    from interview.content.roles import Role
    from interview.drill.plan import Goal

TABLES, QUIZ = ("quiz", "plan", "deck"), ("new", "reviews", "retention", "longest", "fuzz", "day_starts")
OF_PLAN, OF_DECK = ("date", "minutes", "role"), ("new", "reviews")
OF_FIT = ("parameters",)
CONFIG, PLAN, FITTED = "config.toml", "plan.toml", "fsrs.toml"
MOST_CARDS, MOST_MINUTES = 100_000, 480  # a day
FAR = timedelta(days=36525)  # what lies between today and the interview is laid out day by day
FIRST_YEAR, LAST_YEAR = 1970, 2999  # of the clock: a century of intervals after it still has dates


@dataclass(frozen=True, slots=True)
class Settings:
    """New cards and reviews a day, and a deck's own; the interview's date, the minutes a day for it, and its role.

    `unknown` are keys that say nothing to us, each with its place and the nearest one that does.
    """

    new: int = 10
    reviews: int = 100
    decks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    rules: Rules = DEFAULT
    interview: date | None = None
    minutes: int | None = None
    role: str | None = None
    unknown: tuple[Problem, ...] = field(default=(), compare=False)


NOTHING_SET = Settings()


def limits_of(settings: Settings, cards: int | None = None) -> Limits:
    return Limits(settings.new, settings.reviews, cards, settings.decks)


def goal_of(settings: Settings, today: date) -> Goal | None:
    """The goal, while its day is still ahead."""
    if settings.interview is None or settings.interview <= today:
        return None
    if settings.interview - today > FAR:
        raise ContentError(
            f"the interview is planned for {settings.interview}, more than a hundred years from {today}:"
            " `interview plan --date` sets another day, `interview plan --clear` none",
            f"面试定在 {settings.interview}，离今天（{today}）超过一百年："
            "用 `interview plan --date` 改日期，或用 `interview plan --clear` 去掉",
        )
    from interview.drill.plan import MINUTES, Goal  # late: most sittings have no date ahead

    return Goal(settings.interview, settings.minutes or MINUTES, settings.new, settings.decks, role_of(settings))


def role_of(settings: Settings) -> Role | None:
    if settings.role is None:
        return None
    from interview.content.roles import roles

    return roles()[settings.role]


def load_settings(home: Path) -> Settings:
    if not any(is_there(home / name) for name in (CONFIG, PLAN, FITTED)):
        return Settings()
    config = read_table(home / CONFIG)
    quiz, plan, deck = config.below("quiz"), config.below("plan"), config.below("deck")
    unknown = [*config.strangers(TABLES, others=True), *quiz.strangers(QUIZ), *plan.strangers(OF_PLAN)]
    if is_there(home / PLAN):
        plan = read_table(home / PLAN)
        unknown += plan.strangers(OF_PLAN)
    fitted = read_table(home / FITTED)
    unknown += fitted.strangers(OF_FIT)
    decks = {name: deck.below(name) for name in deck.values}
    unknown += [each for table in decks.values() for each in table.strangers(OF_DECK)]
    return Settings(
        new=quiz.integer("new", least=0, most=MOST_CARDS, default=10),
        reviews=quiz.integer("reviews", least=0, most=MOST_CARDS, default=100),
        decks={
            name: (
                table.integer("new", least=0, most=MOST_CARDS, default=MOST_CARDS),
                table.integer("reviews", least=0, most=MOST_CARDS, default=MOST_CARDS),
            )
            for name, table in decks.items()
        },
        rules=Rules(
            retention=quiz.share("retention", least=0.7, most=0.99, default=0.9),
            longest=quiz.integer("longest", least=1, most=36500, default=36500),
            fuzz=quiz.truth("fuzz"),
            day_starts=quiz.integer("day_starts", least=0, most=23, default=4),
            parameters=fitted.numbers("parameters", BOUNDS) if is_there(fitted.path) else (),
        ),
        interview=plan.day("date"),
        minutes=plan.integer("minutes", least=1, most=MOST_MINUTES, default=0) or None,
        role=plan.role("role"),
        unknown=tuple(unknown),
    )


def save_plan(home: Path, settings: Settings) -> None:
    """Written whole and renamed into place; config.toml is left alone."""
    lines = ["# Written by `interview plan`."]
    lines += [f"date = {settings.interview.isoformat()}"] if settings.interview else []
    lines += [f"minutes = {settings.minutes}"] if settings.minutes else []
    lines += [f'role = "{settings.role}"'] if settings.role else []
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(home / PLAN, "\n".join([*lines, ""]).encode())


def save_parameters(home: Path, parameters: tuple[float, ...], said: str) -> None:
    """Written whole and renamed into place, a comment first; config.toml is left alone."""
    rows = [", ".join(map(str, parameters[n : n + 7])) for n in range(0, len(parameters), 7)]
    lines = [f"# {said}", "parameters = [", *(f"  {row}," for row in rows), "]", ""]
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(home / FITTED, "\n".join(lines).encode())


OR_DELETE, OR_DELETE_ZH = "; mend it, or delete the file for the defaults", "；请改正，或删掉文件用默认值"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file. What it holds is asked for by type: anything else is a complaint with its line."""

    path: Path
    text: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    name: str = ""

    def below(self, key: str) -> Table:
        found = self.values.get(key, {})
        if not isinstance(found, dict):
            raise self.refuse(
                key,
                f"`{key}` is a table: write [{key}], and its keys below",
                f"`{key}` 是一个表：写 [{key}]，它的键写在下面",
            )
        return Table(self.path, self.text, found, f"{self.name}.{key}".lstrip("."))

    def integer(self, key: str, *, least: int, most: int, default: int) -> int:
        if key not in self.values:
            return default
        found = self.values[key]
        if type(found) is not int or not least <= found <= most:
            raise self.refuse(
                key, f"`{key}` is a whole number from {least} to {most}", f"`{key}` 是 {least} 到 {most} 的整数"
            )
        return found

    def share(self, key: str, *, least: float, most: float, default: float) -> float:
        found = self.values.get(key, default)
        if type(found) not in (int, float) or not least <= found <= most:
            raise self.refuse(key, f"`{key}` is a number from {least} to {most}", f"`{key}` 是 {least} 到 {most} 的数")
        return float(found)

    def numbers(self, key: str, bounds: Sequence[tuple[float, float]]) -> tuple[float, ...]:
        """As many numbers as there are bounds, each within its own."""
        found = self.values.get(key)
        many = len(found) if type(found) is list else 0
        if many != len(bounds):
            raise self.refuse(
                key,
                f"`{key}` is a list of {len(bounds)} numbers, and here are {many}",
                f"`{key}` 是 {len(bounds)} 个数的列表，这里有 {many} 个",
            )
        for n, (each, (least, most)) in enumerate(zip(self.values[key], bounds, strict=True), start=1):
            if type(each) not in (int, float) or not least <= each <= most:
                raise self.refuse(
                    key,
                    f"number {n} of `{key}` is one from {least} to {most}",
                    f"`{key}` 的第 {n} 个是 {least} 到 {most} 的数",
                )
        return tuple(map(float, self.values[key]))

    def truth(self, key: str) -> bool:
        found = self.values.get(key, False)
        if type(found) is not bool:
            raise self.refuse(key, f"`{key}` is true or false", f"`{key}` 是 true 或 false")
        return found

    def strangers(self, known: tuple[str, ...], *, others: bool = False) -> list[Problem]:
        """The keys that are none of ours; with `others`, tables that resemble none of ours are not our business."""
        from interview.content.reading.problem import did_you_mean

        every, every_zh = f"; known are {', '.join(known)}", f"；可用的有 {'、'.join(known)}"
        near = {key: did_you_mean(key, known) or every for key in self.values if key not in known}
        return [
            Problem(
                self.path,
                self.line_of(key),
                f"`{printable(key, 40)}` is no setting, and is passed over{said}",
                f"没有 `{printable(key, 40)}` 这项设置，已跳过{did_you_mean(key, known, 'zh') or every_zh}",
            )
            for key, said in near.items()
            if said != every or not (others and isinstance(self.values[key], dict))
        ]

    def day(self, key: str) -> date | None:
        found = self.values.get(key)
        if found is not None and (type(found) is not date or not FIRST_YEAR <= found.year <= LAST_YEAR):
            raise self.refuse(
                key,
                f"`{key}` is a day such as 2026-12-14, without quotes and without a time",
                f"`{key}` 是 2026-12-14 这样的日期，不加引号，也不带时间",
            )
        return found

    def role(self, key: str) -> str | None:
        found = self.values.get(key)
        if found is None:
            return None
        from interview.content.roles import roles

        if not isinstance(found, str) or found not in roles():
            known = list(roles())
            raise self.refuse(key, f"`{key}` is one of {', '.join(known)}", f"`{key}` 只能是 {'、'.join(known)} 之一")
        return found

    def refuse(self, key: str, why: str, zh: str) -> UnsoundError:
        return UnsoundError([Problem(self.path, self.line_of(key), why + OR_DELETE, zh + OR_DELETE_ZH)])

    def line_of(self, key: str) -> int:
        """Where the key stands: below its table's head, if that has one of its own."""
        head = re.search(rf"^\s*\[\s*{re.escape(self.name)}\s*\]", self.text, re.MULTILINE) if self.name else None
        found = re.compile(rf"^[^#\n]*\b{re.escape(key)}\b", re.MULTILINE).search(self.text, head.end() if head else 0)
        return self.text.count("\n", 0, found.end()) + 1 if found else 1


# What the reader of TOML says, by a part of it.
SAID = {
    "Invalid value": "值写得不对；文字要加引号",
    "Unclosed array": "列表缺少 `,` 或 `]`",
    "Unclosed inline table": "表缺少 `}`",
    "Unterminated string": "文字缺少右引号",
    'Expected "\'"': "文字缺少右引号",
    "Unescaped": "文字里的 `\\` 不构成转义；请写两个",
    "Expected '='": "键后面要有 `=`",
    "Expected ']'": "表头缺少 `]`",
    "Expected newline": "一行只写一个 `键 = 值`，值写完就换行",
    "Invalid statement": "这里要写 `键 = 值` 或 `[表]`",
    "Invalid initial character": "这里要写键",
    "Cannot declare": "这个表写了两次",
    "Cannot overwrite": "同一个键写了两次",
    "Duplicate inline": "同一个键写了两次",
    "Cannot mutate": "这个表前面已经写完了",
    "Illegal character": "文字里不能有换行或控制字符",
    "invalid character": "含有控制字符",
}


def read_table(path: Path) -> Table:
    """The whole file; empty where there is none."""
    if not is_there(path):
        return Table(path)
    import tomllib

    from interview.content.reading.source import read_source

    text = read_source(path)
    try:
        return Table(path, text, tomllib.loads(text))
    except (ValueError, RecursionError) as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1 if "end of document" in str(error) else 1
        deep = isinstance(error, RecursionError)
        said = "nested too deep" if deep else printable(str(error), 200)
        said_zh = "嵌套太深" if deep else next((zh for part, zh in SAID.items() if part in said), "从这里读不下去")
        why, zh = f"not TOML: {said}{OR_DELETE}", f"不是 TOML：{said_zh}{OR_DELETE_ZH}"
        raise UnsoundError([Problem(path, line, why, zh)]) from None
