"""The lists of decks and katas, for a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from interview.content.cards.deck import Card
from interview.content.cards.expression import draws, fill
from interview.drill.schedule import is_leech
from interview.log.record import Memory
from interview.practice.insight.listing import DeckLine, KataLine
from interview.printable import printable_line
from interview.terminal.text.prose import inline, styled

WORDS = {
    "decks": ("deck", "题库"),
    "cards": ("cards", "卡片"),
    "due": ("due", "到期"),
    "new": ("new", "新"),
    "katas": ("kata", "手撕题"),
    "level": ("level", "难度"),
    "minutes": ("minutes", "分钟"),
    "status": ("status", "状态"),
    "suspended": ("suspended", "已暂停"),
    "leech": ("keeps being forgotten", "反复忘记"),
    "nothing": ("nothing found", "没有找到"),
}
STATUS = {"new": ("new", "未做"), "tried": ("tried", "做过"), "passed": ("passed", "通过"), "due": ("due", "该重做")}
STYLE = {"new": "dim", "tried": "", "passed": "green", "due": "bold"}


def word(key: str, lang: str) -> str:
    return WORDS[key][lang == "zh"]


def render(
    decks: Sequence[DeckLine], katas: Sequence[KataLine], *, lang: str, cards: bool, memories: Mapping[str, Memory]
) -> Group:
    """Decks, or the `cards` found in them, and katas."""
    parts: list[RenderableType] = []
    if decks:
        parts.append(render_cards(decks, memories, lang=lang) if cards else render_decks(decks, lang=lang))
    if katas:
        parts += [*([""] if decks else []), render_katas(katas, lang=lang)]
    return Group(*(parts or [word("nothing", lang)]))


def render_decks(lines: Sequence[DeckLine], *, lang: str) -> Table:
    table = columns(word("decks", lang), "", numbers=[word(key, lang) for key in ("cards", "due", "new")])
    for line in lines:
        due = Text(str(line.due), "bold" if line.due else "dim")
        table.add_row(line.id, Text(line.title.say(lang)), str(len(line.cards)), due, Text(str(line.new), "dim"))
    return table


def render_katas(lines: Sequence[KataLine], *, lang: str) -> Table:
    table = columns(word("katas", lang), "", numbers=[word(key, lang) for key in ("level", "minutes")])
    table.add_column(word("status", lang))
    for line in lines:
        status = Text(STATUS[line.status][lang == "zh"], STYLE[line.status])
        table.add_row(line.id, Text(line.title.say(lang)), str(line.level), str(line.minutes), status)
    return table


def render_cards(lines: Sequence[DeckLine], memories: Mapping[str, Memory], *, lang: str) -> Table:
    """What a query found, each with its question."""
    table = columns("", "", numbers=[])
    for line in lines:
        for card in line.cards:
            table.add_row(Text(card.name), Text.assemble(*marks(memories.get(card.name), lang), question(card, lang)))
    return table


def marks(memory: Memory | None, lang: str) -> list[tuple[str, str]]:
    """What sets a card apart, before its question: its flag, that it is suspended, that it keeps being forgotten."""
    if memory is None:
        return []
    said = [f"⚑ {printable_line(memory.flag)}"] if memory.flag else []
    said += [word("suspended", lang)] if memory.suspended else []
    said += [word("leech", lang)] if is_leech(memory) else []
    return [(f"{each} · ", "yellow") for each in said]


def columns(first: str, second: str, *, numbers: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", show_header=bool(first))
    table.add_column(first, no_wrap=True)
    table.add_column(second)
    for each in numbers:
        table.add_column(each, justify="right")
    return table


def question(card: Card, lang: str) -> Text:
    """All that is asked, its lines joined and its Markdown rendered."""
    said = " ".join(text.say(lang) for text in (card.ask, *card.asks) if text)
    return styled(inline(" ".join(fill(said, next(draws(card.params))).split())), "dim")
