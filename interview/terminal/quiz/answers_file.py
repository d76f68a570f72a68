"""The answers file, or a pipe, instead of keys: for tests, for screen readers, for other programs.

One line an answer, for the cards in the order they are asked: an option's id or digit (`a,c` for several), `y`/`n`,
a number (`2 | 1/3` for parts), what is printed (` | ` between its lines), a line number, free text, and for a flip its
rating, 1 to 4; `-` turns any other card over without an answer. A line that begins with `{` is JSON: `{"card":
"deck/id", "answer": …, "why": "…", "ticks": [1, 3], "confidence": "sure", "rating": 3, "hint": true}`, every field
optional; with `card` it waits for that
card. Empty lines and lines that begin with `#` are skipped. Nothing is guessed: what is none of this is refused, by its
line and field.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

from interview.content.cards.deck import MOST_POINTS, Card
from interview.content.reading.field import Node, entry_of
from interview.content.reading.json_node import parse_json_node
from interview.content.reading.problem import Problem, UnsoundError, obeyed, short
from interview.dataclass import dataclass
from interview.drill.answers import NO, YES, Way, check_line, is_counted, judge, lines_wanted, pre_tick, way
from interview.drill.draw import Drawn
from interview.errors import UsageError
from interview.log.record import Confidence, Rating
from interview.printable import printable_line
from interview.terminal.quiz.model import Asking, Mode, ask
from interview.text import Text

TRUE = frozenset(("y", "yes", "true", "t", "对", "是"))
FALSE = frozenset(("n", "no", "false", "f", "错", "否"))
WANTS = {
    "number": Text("a number, such as 2.25, 1/3, 2e-3 or 50%", "一个数，如 2.25、1/3、2e-3 或 50%"),
    "line": Text("the number of a line of its code", "它的代码的一个行号"),
    "option": Text("the id or the digit of one of its options", "它的一个选项的编号或序号"),
    "one": Text("one option, for only one is right", "一个选项，因为只有一个正确"),
    "once": Text("each option once", "每个选项只写一次"),
    "yes_no": Text("y or n", " y 或 n"),
    "rating": Text("a rating from 1 to 4, for only you can tell", " 1 到 4 的评分，只有你自己知道答得怎样"),
}
FIELDS = ("card", "answer", "why", "ticks", "confidence", "rating", "hint")


@dataclass(frozen=True, slots=True)
class Scripted:
    """One answer and where it stands, for complaints; `field` is what of it answers the card, where it has fields."""

    where: str
    card: str | None = None
    answer: tuple[str, ...] = ()
    why: str = ""
    ticks: frozenset[int] | None = None
    confidence: Confidence | None = None
    rating: Rating | None = None
    hint: bool = False
    field: str = ""

    def refuse(self, en: str, zh: str) -> UsageError:
        return UsageError(f"{self.where}: {en}", f"{self.where}: {zh}")


class Script:
    """The answers, read as they are needed."""

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._lines, self._path = enumerate(lines, 1), Path(name)
        self._named: dict[str, list[Scripted]] = {}
        self._waiting: list[Scripted] = []

    def answer_to(self, card: Card) -> Scripted | None:
        """The answer named for the card, else the next one without a name; None when there is none left.

        UsageError for a line that is none; the next call goes on behind it.
        """
        while True:
            if self._named.get(card.name):
                return self._named[card.name].pop(0)
            if self._waiting:
                return self._waiting.pop(0)
            scripted = next(self._coming(), None)
            if scripted is None:
                return None
            if scripted.card is None:
                self._waiting.append(scripted)
            else:
                self._named.setdefault(scripted.card, []).append(scripted)

    def unused(self, *, further: bool) -> Iterator[Scripted]:
        """The answers that no card took; `further`: also those that are still to be read."""
        yield from self._waiting
        for answers in self._named.values():
            yield from answers
        yield from self._coming() if further else ()

    def _coming(self) -> Iterator[Scripted]:
        for number, line in self._lines:
            text = line.strip()
            if not text or text.startswith("#"):
                continue
            read = read_object if text.startswith("{") else read_line
            try:
                scripted = read(text, self._path, number)
            except UnsoundError as error:
                raise refusal(error.problems[0]) from None
            yield scripted


def refusal(problem: Problem) -> UsageError:
    en, zh = problem.say("en"), problem.say("zh")
    if problem.text.startswith("not JSON"):
        en += '; an answer that begins with `{` is written {"answer": "{…"}'
        zh += '；以 `{` 开头的答案要写成 {"answer": "{…"}'
    return UsageError(en, zh)


def read_line(text: str, path: Path, number: int) -> Scripted:
    if why := obeyed(text):
        raise UnsoundError([Problem(path, number, *why)])
    return Scripted(f"{short(path)}:{number}", answer=() if text == "-" else (text.replace("\t", " "),))


def read_object(text: str, path: Path, number: int) -> Scripted:
    """One line's object; UnsoundError for whatever is not as the module says."""
    node = parse_json_node(text, path, line=number, verbatim=True)
    node.unknown(*FIELDS)
    fields = {key: node.value[key] for key in FIELDS if key in node.value}
    rating, ticks = fields.get("rating"), fields.get("ticks")
    found = Scripted(
        f"{short(path)}:{number}",
        card=read_text(fields["card"], "card") if "card" in fields else None,
        answer=read_answer(fields["answer"]) if "answer" in fields else (),
        why=read_text(fields["why"], "why") if "why" in fields else "",
        ticks=read_ticks(ticks) if ticks else None,
        confidence=read_confidence(fields["confidence"]) if "confidence" in fields else None,
        rating=read_rating(rating) if rating else None,
        hint=node.flag("hint"),
        field="`answer`",
    )
    if found.card and found.card.count("/") != 1:
        refuse(fields["card"], "card", Text("a card is named deck/id", "卡片写作 deck/id"))
    node.settle()
    return found


def refuse(node: Node, key: str, want: Text) -> None:
    looks = node.looks()
    node.complain(f"`{key}` is {looks.en}; {want.en}", f"`{key}` 是{looks.zh}；{want.zh}")


def read_text(node: Node, key: str) -> str:
    if isinstance(node.value, str) and node.value and not node.plain:
        return node.value
    refuse(node, key, Text("write a text in quotes", "请写带引号的文字"))
    return ""


def read_answer(node: Node) -> tuple[str, ...]:
    """Texts, numbers, true and false, as one would type them: one, or a list."""
    entries = node.value if isinstance(node.value, list) else [node]
    for each in entries:
        if not isinstance(each.value, str) or not each.value.strip() or (each.plain and not is_answer(each.value)):
            refuse(each, "answer", Text("write a text, a number, true or false", "请写文字、数字、true 或 false"))
            return ()
    if not entries:
        refuse(node, "answer", Text("leave the field out where there is no answer", "不作答就不写这个字段"))
    typed = {"true": "y", "false": "n"}
    return tuple(typed.get(each.value, each.value) if each.plain else each.value for each in entries)


def is_answer(written: str) -> bool:
    """Is this number, truth or null of JSON's one that can be typed? `1e400` is beyond any number."""
    return written != "null" and (written in ("true", "false") or isfinite(float(written)))


def read_ticks(node: Node) -> frozenset[int]:
    """The points, from 0; in the file from 1."""
    if not isinstance(node.value, list):
        refuse(node, "ticks", Text("write a list of numbers, such as [1, 3]", "请写数字的列表，如 [1, 3]"))
        return frozenset()
    points = [each.as_integer(entry_of("ticks"), least=1, most=MOST_POINTS) for each in node.value]
    if len(set(points)) < len(points):
        node.complain("`ticks` names a point twice; once is enough", "`ticks` 里有重复的要点；写一次就够")
    return frozenset(point - 1 for point in points)


def read_confidence(node: Node) -> Confidence | None:
    if not node.plain and node.value in list(Confidence):
        return Confidence(node.value)
    names = [f'"{each}"' for each in Confidence]
    refuse(node, "confidence", Text(f"write {', '.join(names)}", f"请写 {'、'.join(names)} 之一"))
    return None


def read_rating(node: Node) -> Rating | None:
    for each in Rating:
        if node.value == str(int(each)) if node.plain else node.value == each.name.lower():
            return each
    names = [f'"{each.name.lower()}"' for each in Rating]
    refuse(node, "rating", Text(f"write 1 to 4, or {', '.join(names)}", f"请写 1 到 4，或 {'、'.join(names)} 之一"))
    return None


def answer(card: Card, drawn: Drawn, scripted: Scripted) -> Asking:
    """The card as it is after this answer; UsageError, with the line, where it can be no answer to this card."""
    asking = replace(ask(card, drawn), confidence=scripted.confidence, hinted=scripted.hint, mode=Mode.BACK)
    if scripted.answer:
        asking = given(asking, scripted)
    ticks = scripted.ticks
    if ticks is None and scripted.why:
        ticks = pre_tick(card.rubric, scripted.why)
    if ticks is None:
        return asking
    if max(ticks, default=-1) >= len(card.rubric):
        raise scripted.refuse(
            f"`ticks`: {card.name} has {len(card.rubric)} points to tick, and no {max(ticks) + 1}",
            f"`ticks`：{card.name} 只有 {len(card.rubric)} 个要点，没有第 {max(ticks) + 1} 个",
        )
    return replace(asking, ticks=ticks, answered=True)


def given(asking: Asking, scripted: Scripted) -> Asking:
    card, said = asking.card, scripted.answer
    match way(card):
        case Way.PICKED | Way.SEVERAL as picking:
            ids = [option_id(asking, each, scripted) for each in split(said, ",")]
            if len(ids) != 1 and picking is Way.PICKED:
                raise wanted(card, WANTS["one"], scripted)
            if len(set(ids)) < len(ids) or not ids:
                raise wanted(card, WANTS["once"], scripted)
            return answered(replace(asking, picked=frozenset(ids)), ids)
        case Way.TRUTH:
            word = said[0].strip().lower()
            if len(said) > 1 or word not in TRUE | FALSE:
                raise wanted(card, WANTS["yes_no"], scripted)
            return answered(asking, [YES if word in TRUE else NO])
        case Way.FREE:
            text = " ".join(said)
            return answered(replace(asking, why=text, ticks=pre_tick(card.rubric, text)), said)
        case Way.TURNED:
            return answered(asking, said) if scripted.rating else asking
        case Way.TYPED:
            entries = typed_entries(card, said)
            for entry in entries:
                unreadable = check_line(card, entry)
                if unreadable:
                    raise wanted(card, WANTS[unreadable.want], scripted)
            count = lines_wanted(card)
            if is_counted(card) and len(entries) != count:
                few = Text(f"{count} number(s), with ` | ` between them", f" {count} 个数，中间用 ` | ` 隔开")
                raise wanted(card, few, scripted)
            return answered(replace(asking, entries=entries), entries)


def rated(asking: Asking, scripted: Scripted) -> Rating:
    """The rating given, else the one proposed; a card for which none is has its rating as the answer."""
    rating = scripted.rating or asking.proposed
    if rating is None:
        rating = next((each for each in Rating if scripted.answer == (str(int(each)),)), None)
    if rating is None:
        raise wanted(asking.card, WANTS["rating"], scripted)
    return rating


def answered(asking: Asking, said: Sequence[str]) -> Asking:
    return replace(asking, judged=judge(asking.card, asking.drawn, said), answered=True)


def typed_entries(card: Card, said: tuple[str, ...]) -> tuple[str, ...]:
    if len(said) > 1 or lines_wanted(card) == 1:
        return said
    return tuple(each.strip() for each in said[0].replace("\n", "|").split("|"))


def split(said: tuple[str, ...], mark: str) -> list[str]:
    return [each.strip() for text in said for each in text.split(mark) if each.strip()]


def option_id(asking: Asking, word: str, scripted: Scripted) -> str:
    """An option by its id, or by its digit in the order shown."""
    ids = [option.id for option in asking.drawn.options]
    if word in ids:
        return word
    if word.isdecimal() and len(word) < 10 and 1 <= int(word) <= len(ids):
        return ids[int(word) - 1]
    raise wanted(asking.card, WANTS["option"], scripted)


def wanted(card: Card, want: Text, scripted: Scripted) -> UsageError:
    said = printable_line(", ".join(scripted.answer) or "-", 60)
    field, field_zh = (f"{scripted.field}: ", f"{scripted.field}：") if scripted.field else ("", "")
    return scripted.refuse(
        f"{field}{card.name} wants {want.en}, not `{said}`", f"{field_zh}{card.name} 要的是{want.zh}，不能是 `{said}`"
    )
