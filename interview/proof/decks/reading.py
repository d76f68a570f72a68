"""The reading of a deck: what can be wrong with one that parses, told without running anything."""

from __future__ import annotations

from collections.abc import Iterator

from interview.content.cards.deck import Card, Deck
from interview.content.reading.field import Node
from interview.content.reading.problem import Problem, nearest
from interview.dataclass import dataclass
from interview.proof.decks.bilingual import differences
from interview.proof.decks.claims import syntax_fault
from interview.proof.decks.kinds import check_answer, is_held, pointed_at, snippets
from interview.text import Text

TEXTS = ("title", "note", "ask", "answer", "hint", "model_answer", "statement", "expect")
NOTHING = Text("", "")


@dataclass(frozen=True, slots=True)
class Known:
    """What a card may point at."""

    cards: frozenset[str]
    katas: frozenset[str]
    refs: frozenset[str]


def check_deck(deck: Deck, node: Node, known: Known, *, ours: bool = False) -> Iterator[Problem]:
    """`ours`: it comes with the package, where what a person may do in his own deck is not enough."""
    yield from check_languages(node)
    if ours:
        yield from check_both(node)
    lines = key_lines(node)
    for card in deck.cards:
        if ours and not is_held(card):
            text = Text(
                "a flip is for decks of one's own; ours hold an answer against something",
                "flip 只用于自己的题库；自带题库的卡要能核对答案",
            )
            yield about(deck, card, lines[card.id].get("kind", card.line), text)
        for key, text in check_card(card, known):
            yield about(deck, card, lines[card.id].get(key, card.line), text)


def about(deck: Deck, card: Card, line: int, text: Text) -> Problem:
    return Problem(deck.path, line, f"`{card.id}`: {text.en}", f"`{card.id}`：{text.zh}")


def key_lines(node: Node) -> dict[str, dict[str, int]]:
    """By card and key: where it stands."""
    return {
        entry.value["id"].value: {key: each.line for key, each in entry.value.items()} for entry in card_nodes(node)
    }


def card_nodes(node: Node) -> list[Node]:
    cards = node.get("cards")
    found = cards.value if cards is not None and isinstance(cards.value, list) else []
    return [each for each in found if each.has("id") and isinstance(each.value["id"].value, str)]


def check_languages(node: Node) -> Iterator[Problem]:
    """Every `{en, zh}` of a file."""
    for each in node.walk():
        en, zh = each.get("en"), each.get("zh")
        if en and zh and isinstance(en.value, str) and isinstance(zh.value, str):
            for found in differences(en.value, zh.value):
                yield Problem(
                    each.path,
                    each.line,
                    f"{found.en}; the languages carry the same numbers, code and formulas",
                    f"{found.zh}；两种语言的数字、代码和公式要一致",
                )


def check_both(node: Node) -> Iterator[Problem]:
    """Every text that is in one language."""
    for each in node.walk():
        texts = [each.get(key) for key in TEXTS]
        points = each.get("rubric")
        texts += points.value if points and isinstance(points.value, list) else []
        for text in texts:
            if text is not None and isinstance(text.value, str):
                yield Problem(
                    text.path,
                    text.line,
                    "a text in one language; ours have both, under `en:` and `zh:`",
                    "这段文字只有一种语言；自带题库两种都要有，分别写在 `en:` 和 `zh:` 下面",
                )


def check_card(card: Card, known: Known) -> Iterator[tuple[str, Text]]:
    """(the key it stands under, what is wrong and what to do)"""
    if not card.refs and is_held(card):
        yield (
            "refs",
            Text(
                "no reference; add `refs: [key]`, a key of references.yaml",
                "没有参考文献；请写 `refs: [key]`，key 取自 references.yaml",
            ),
        )
    for ref in card.refs:
        if ref not in known.refs:
            near = hint(ref, known.refs)
            yield (
                "refs",
                Text(
                    f"the reference `{ref}` is not in references.yaml{near.en}; add it there",
                    f"references.yaml 里没有参考文献 `{ref}`{near.zh}；请加上",
                ),
            )
    for follow_up in card.follow_ups:
        if follow_up.card is not None and follow_up.card not in known.cards:
            said, near = follow_up.card, hint(follow_up.card, known.cards)
            yield "follow_ups", Text(f"the follow-up `{said}` is no card{near.en}", f"追问 `{said}` 不是卡片{near.zh}")
    if card.kata is not None and card.kata not in known.katas:
        near = hint(card.kata, known.katas)
        yield "kata", Text(f"there is no kata `{card.kata}`{near.en}", f"没有手写题 `{card.kata}`{near.zh}")
    mistakes = {mistake.id for mistake in card.mistakes}
    for key, mistake in pointed_at(card):
        if mistake not in mistakes:
            near = hint(mistake, mistakes)
            yield (
                key,
                Text(
                    f"the mistake `{mistake}` is not under `mistakes`{near.en}; write it there",
                    f"`mistakes` 里没有错误 `{mistake}`{near.zh}；请写上",
                ),
            )
    yield from check_answer(card)
    proof = [("proof", card.proof.code)] if card.proof else []
    for key, code in (*snippets(card), *proof):
        fault = syntax_fault(code)
        if fault:
            yield key, Text(f"{key} is not Python: {fault.en}", f"{key} 不是 Python：{fault.zh}")


def hint(name: str, known: frozenset[str] | set[str]) -> Text:
    deck = name.split("/")[0] + "/" if "/" in name else ""
    near = nearest(name.removeprefix(deck), [each.removeprefix(deck) for each in known if each.startswith(deck)])
    return Text(f" (did you mean `{deck}{near}`?)", f"（是不是 `{deck}{near}`？）") if near else NOTHING
