"""The deck file into a Deck: `load_deck` to drill it, `survey_deck` for all its complaints."""

from __future__ import annotations

from pathlib import Path

from interview.content.cards.answer_file import KINDS, Form, cost, form_of, parse_answer
from interview.content.cards.deck import MOST_POINTS, Card, Deck, FollowUp, Kind, Mistake, Point, Proof
from interview.content.cards.expression import ExpressionError, draws, fill
from interview.content.reading.field import Node, named, once
from interview.content.reading.need import parse_needs
from interview.content.reading.node import TOLD, load_node
from interview.content.reading.source import HUGE_DECK
from interview.text import Text

COMMON = (
    "id", "rev", "kind", "level", "tags", "origin", "ask", "answer", "mistakes", "follow_ups", "must_know", "hint",
    "kata", "refs", "proof", "rubric",
)  # fmt: skip
GRADED = ("level", "rubric", "mistakes", "proof")  # what a card rated by the person alone has none of
UNGRADED = tuple(key for key in COMMON if key not in GRADED)
MANY_CARDS, MANY_VALUES = 2_000, 100_000  # of a deck: its cards, and what their formulas come to for every draw
CARD, MISTAKE = Text("a card", "卡片"), Text("a mistake", "错误")


def load_deck(path: Path) -> Deck:
    """The deck of one file, or a ContentError that names its first complaints. The file is named after its deck."""
    return read_deck(path)[0]


def read_deck(path: Path) -> tuple[Deck, Node]:
    """The deck, and the file as it stands there."""
    node = load_node(path, HUGE_DECK)
    deck = survey_deck(node)
    if deck.id and deck.id != path.stem:
        said = deck.id[:40]
        node.complain(
            f"`deck` is `{said}`; name the file {said}.yaml, or the deck {path.stem}",
            f"`deck` 是 `{said}`；请把文件改名为 {said}.yaml，或把题库改名为 {path.stem}",
        )
    node.settle()
    return deck, node


def parse_deck(node: Node) -> Deck:
    deck = survey_deck(node)
    node.settle()
    return deck


def survey_deck(node: Node) -> Deck:
    """The deck's sound cards; the complaints about the others are left in `node.problems`."""
    if (node.problems and node.value is None) or not node.is_mapping(Text("a deck", "题库")):
        return Deck("", Text("", ""), None, (), node.path)
    node.unknown("deck", "title", "note", "needs", "cards")
    name = node.id("deck")
    entries = node.items(
        "cards", most=MANY_CARDS, advice=Text("; give the others another deck", "；请把其余的放进另一个题库")
    )
    once(entries, "id", CARD)
    cards = []
    room = MANY_VALUES
    for entry in entries:
        before = len(node.problems)
        if before > TOLD:
            break
        room -= (values := cost(entry))
        if room < 0:
            entry.complain(
                f"its params and formulas make {values} values, too many for a deck; give fewer",
                f"它的 params 和算式合计 {values} 个值，对一个题库来说太多；请减少",
            )
            room += values
            continue
        card = parse_card(entry, name)
        if card is not None and len(node.problems) == before:
            cards.append(card)
    return Deck(name, node.words("title"), node.maybe_words("note"), tuple(cards), node.path, parse_needs(node))


def parse_card(node: Node, deck: str) -> Card | None:
    if not node.is_mapping(CARD):
        return None
    kind = parse_kind(node)
    if kind is None:
        return None
    form = form_of(kind)
    node.unknown(*(COMMON if form.graded else UNGRADED), *form.fields)
    answer = parse_answer(node, kind)
    card = Card(
        deck=deck,
        id=node.id("id"),
        rev=node.integer("rev") if form.graded or node.has("rev") else 1,
        level=node.integer("level", most=5) if form.graded else 0,
        tags=node.strings("tags"),
        origin=node.strings("origin", required=False) if node.has("origin") else (),
        ask=node.maybe_words("ask") if form.asks or node.has("parts") else node.words("ask"),
        answer=answer,
        reason=parse_reason(node, form),
        rubric=parse_rubric(node, kind, form),
        mistakes=parse_mistakes(node),
        follow_ups=tuple(parse_follow_up(each, deck) for each in node.items("follow_ups", required=False)),
        must_know=node.flag("must_know"),
        hint=node.maybe_words("hint"),
        kata=node.id("kata") if node.has("kata") else None,
        refs=node.strings("refs") if node.has("refs") else (),
        proof=parse_proof(node, form),
        line=node.line,
    )
    if card.params:
        check_holes(node, card)
    return card


def is_ungraded(node: Node) -> bool:
    """Is it rated by the person alone, by its kind or, without one, because there is nothing else to go by?"""
    said = node.get("kind")
    kind = next((each for each in KINDS if said and each == said.value), None)
    return not form_of(kind).graded if kind else said is None and set(node.value) <= set(UNGRADED)


def parse_reason(node: Node, form: Form) -> Text | None:
    """What stands under `answer`, where it is not the answer itself."""
    if not form.graded:
        return None
    return node.words("answer") if form.reasons else node.maybe_words("answer")


def parse_kind(node: Node) -> Kind | None:
    """Where it says no more than a question and its answer it is a flip, and need not say so."""
    if not node.has("kind") and is_ungraded(node):
        return "flip"
    said = node.string("kind")
    kind = next((each for each in KINDS if each == said), None)
    if said and kind is None:
        node.complain(
            f"`kind` is `{said[:40]}`; it is one of {', '.join(KINDS)}",
            f"`kind` 是 `{said[:40]}`；只能是 {'、'.join(KINDS)} 之一",
            at=node.get("kind"),
        )
    return kind


def parse_rubric(node: Node, kind: Kind, form: Form) -> tuple[Point, ...]:
    points = node.items("rubric", required=form.told)
    if node.has("rubric") and points and not form.points <= len(points) <= MOST_POINTS:
        node.complain(
            f"`rubric` has {len(points)} points; {kind} has {form.points} to {MOST_POINTS}",
            f"`rubric` 有 {len(points)} 个要点；{kind} 要有 {form.points} 到 {MOST_POINTS} 个",
            at=node.get("rubric"),
        )
    found = []
    for point in points:
        point.unknown("en", "zh", "must", "any_of")
        found.append(
            Point(point.as_words(Text("a point", "要点")), point.flag("must"), point.strings("any_of", required=False))
        )
    return tuple(found)


def parse_mistakes(node: Node) -> tuple[Mistake, ...]:
    entries = node.items("mistakes", required=False)
    for entry in entries:
        entry.unknown("id", "en", "zh")
    once(entries, "id", MISTAKE)
    return tuple(Mistake(entry.id("id"), entry.as_text(MISTAKE)) for entry in entries)


def parse_follow_up(node: Node, deck: str) -> FollowUp:
    if isinstance(node.value, dict):
        node.unknown("ask", "expect")
        return FollowUp(None, node.words("ask"), node.words("expect"))
    said = node.as_string(Text("a follow-up", "追问"))
    return FollowUp(said if "/" in said else f"{deck}/{said}", None, None)


def parse_proof(node: Node, form: Form) -> Proof | None:
    proof = node.get("proof")
    if proof is None:
        return None
    if not isinstance(proof.value, dict):
        return Proof(proof.as_string(named("proof")), None)
    if form.computes:
        proof.complain(
            "`proof` of a numeric card is the snippet itself: what it prints is compared with the value",
            "数值题的 `proof` 直接写代码：它打印的会和答案比较",
        )
    proof.unknown("code", "prints")
    return Proof(proof.string("code"), proof.maybe_string("prints"))


def check_holes(node: Node, card: Card) -> None:
    """Every `{{expr}}` has a value for every draw, so that no sitting stumbles over one."""
    parts = (
        (Text(f"a part's `ask` ({number})", f"第 {number} 问的 `ask`"), asked)
        for number, asked in enumerate(card.asks, 1)
    )
    whole = ((named(key), text) for key, text in (("ask", card.ask), ("answer", card.reason), ("hint", card.hint)))
    for where, text in (*whole, *parts):
        for said in (text.en, text.zh) if text else ():
            try:
                for params in draws(card.params):
                    fill(said, params)
            except ExpressionError as error:
                node.complain(f"{where.en} of `{card.id}`: {error}", f"`{card.id}` 的 {where.zh.rstrip()}：{error.zh}")
                break
