"""The lint: is the content sound? First what can be told by reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from interview.content.cards.deck import Card, Deck
from interview.content.cards.deck_file import survey_deck
from interview.content.cards.references import survey_references
from interview.content.katas.kata import Kata
from interview.content.reading.field import Node
from interview.content.reading.need import Step
from interview.content.reading.node import TOLD, load_node
from interview.content.reading.problem import Problem, UnsoundError
from interview.content.reading.source import HUGE_DECK
from interview.dataclass import dataclass
from interview.proof.decks.lock import check_lock, load_lock, write_lock
from interview.proof.decks.prove import Lines
from interview.proof.decks.reading import Known, card_nodes, check_deck, key_lines
from interview.proof.katas.reading import check_marks, read_kata
from interview.proof.needs import check_needs
from interview.proof.scope import Scope, decks_in


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading found: the decks as far as they are sound, the katas that can be proved, all that is wrong."""

    decks: tuple[Deck, ...]
    lines: Lines
    katas: tuple[Kata, ...]
    kata_lines: Mapping[Path, Mapping[str, int]]
    problems: tuple[Problem, ...]


def read(scope: Scope, ours: Callable[[Path], bool] = lambda _: False) -> Reading:
    """`ours` tells the decks that come with the package."""
    nodes = {path: load(path) for path in scope.known_decks}
    decks = {path: survey_deck(node) for path, node in nodes.items()}
    looked_at = {path: decks[path] for path in scope.decks}
    references = {path: load(path) for path in scope.known_references}
    refs = frozenset(key for node in references.values() for key in survey_references(node))
    cards = frozenset(name for node in nodes.values() for name in card_names(node))
    folders = scope.known_katas
    known = Known(cards, frozenset(folders), refs)
    problems: list[Problem] = []
    for path in scope.references:
        problems += references[path].problems
    for path, deck in looked_at.items():
        problems += nodes[path].problems
        problems += islice(check_deck(deck, nodes[path], known, ours=ours(path)), TOLD)
        problems += check_marks([path])
        if path.parent.name == "questions" and deck.id and deck.id != path.stem:
            problems.append(
                Problem(
                    path,
                    1,
                    f"`deck` is `{deck.id}`; name the file {deck.id}.yaml",
                    f"`deck` 是 `{deck.id}`；请把文件改名为 {deck.id}.yaml",
                )
            )
    problems += repeated(list(looked_at.values()))
    for lock in scope.locks:
        problems += check_locked(lock, looked_at, nodes)
    katas = {folder: read_kata(folder, known.cards) for folder in scope.katas}
    problems += (problem for each in katas.values() for problem in each.problems)
    steps = {Step("deck", name): node for node in nodes.values() if (name := deck_name(node))}
    own = {step: node for step, node in steps.items() if node.path in looked_at}
    own |= {Step("kata", folder.name): each.node for folder, each in katas.items() if each.node}
    steps |= own

    def around(step: Step) -> Node | None:
        return steps.get(step) or (load(folders[step.name] / "kata.yaml") if step.kind == "kata" else None)

    problems += check_needs(own, around, frozenset((*steps, *(Step("kata", name) for name in folders))))
    return Reading(
        decks=tuple(looked_at.values()),
        lines={path: key_lines(nodes[path]) for path in looked_at},
        katas=tuple(each.kata for each in katas.values() if each.kata),
        kata_lines={folder: each.lines for folder, each in katas.items()},
        problems=tuple(sorted(set(problems))),
    )


def load(path: Path) -> Node:
    """The file's node; one that cannot be read is an empty node with its complaint."""
    try:
        return load_node(path, HUGE_DECK)
    except UnsoundError as error:
        return Node(path, 1, None, list(error.problems))


def card_names(node: Node) -> Iterator[str]:
    """Also of cards that are not sound: who points at one has no fault of his own."""
    yield from (f"{deck_name(node)}/{entry.value['id'].value}" for entry in card_nodes(node))


def deck_name(node: Node) -> str:
    deck = node.get("deck")
    return deck.value if deck and isinstance(deck.value, str) else ""


def repeated(decks: list[Deck]) -> Iterator[Problem]:
    """A card that two files hold: parts of one deck, or packs with a name in common."""
    first: dict[str, Card] = {}
    for deck in decks:
        for card in deck.cards:
            if card.name in first and first[card.name] is not card:
                yield Problem(
                    deck.path,
                    card.line,
                    f"the card `{card.name}` stands in another file too; rename one",
                    f"卡片 `{card.name}` 在另一个文件里也有；请给其中一张改名",
                )
            first.setdefault(card.name, card)


def check_locked(lock: Path, decks: dict[Path, Deck], nodes: dict[Path, Node]) -> list[Problem]:
    if not lock.exists():
        return []
    here = {path: deck for path, deck in decks.items() if path.parent == lock.parent}
    try:
        entries, problems = load_lock(lock)
    except UnsoundError as error:
        return list(error.problems)
    cards = {card.name: (card, path) for path, deck in here.items() for card in deck.cards}
    broken = {name for path in here for name in card_names(nodes[path])} - set(cards)
    names = frozenset(deck.id for deck in here.values())
    if {each.stem for each in decks_in(lock.parent)} <= names:
        names |= {name.split("/")[0] for name in entries}  # the whole folder: a deck that is gone counts too
    remembered = {name: entry for name, entry in entries.items() if name not in broken}
    return [*problems, *check_lock(cards, remembered, lock, decks=names)]


def lock(scope: Scope, decks: tuple[Deck, ...]) -> list[Path]:
    """Write down the ids of sound decks; returns the files written."""
    for path in scope.locks:
        cards = [card for deck in decks if deck.path.parent == path.parent for card in deck.cards]
        write_lock(path, cards, load_lock(path)[0] if path.exists() else {})
    return list(scope.locks)
