"""What the shipped decks and katas say, where a rule of wording or of sources can be checked without a reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from interview.cli.world import shipped
from interview.content.cards.deck_file import load_deck
from interview.content.cards.references import load_references
from interview.content.katas import library
from interview.content.katas.kata_file import load_kata
from interview.content.reading.node import load_node
from interview.terminal.quiz.back import citation

NO_URL: dict[str, str] = {}  # a source that stands nowhere on the web, and why


def test_every_source_can_be_opened() -> None:
    """Each reference has an address, or stands in `NO_URL` with the reason."""
    references = load_references(shipped() / "questions" / "references.yaml")
    lacking = {key for key, reference in references.items() if not reference.url}
    assert lacking == set(NO_URL)
    assert all((reference.url or "https://").startswith("https://") for reference in references.values())


def test_no_two_sources_read_alike() -> None:
    """On a card's back, files and pages of one project are told apart; so are their addresses."""
    references = load_references(shipped() / "questions" / "references.yaml").values()
    for said in ([citation(each) for each in references], [each.url for each in references]):
        assert sorted(x for x in set(said) if said.count(x) > 1) == []


UNIDIOMATIC = re.compile(
    r"\ba share of\b|\bwent through\b|without a complaint|\bnot looked at\b|\banew\b|\bmend(s|ed)?\b"
    r"|(?<!leave )\bbehind\b|\bready-made\b|\bleft open\b|\bhas no history\b|\bstands? still\b|\bone a line\b",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(an?|are|by|every|from|is|nothing|no|not|of|one|the|to|was|with|without)\b|[a-z]{3,} [a-z]{3,}"
)


def said() -> Iterator[tuple[Path, str, str]]:
    """Each text of decks, katas and statements, with its language and where it stands."""
    katas = (*(shipped() / "katas").glob("*/kata.yaml"), *library.FOLDER.glob("*.yaml"))
    for path in (*(shipped() / "questions").glob("*.yaml"), *katas):
        for each in load_node(path).walk():
            for lang in ("en", "zh"):
                text = each.get(lang)
                if text is not None and isinstance(text.value, str):
                    yield path, lang, text.value
    for lang in ("en", "zh"):
        for path in (shipped() / "katas").glob(f"*/prompt.{lang}.md"):
            yield path, lang, path.read_text("utf-8")
    for path in (shipped() / "katas").glob("*/stub.py"):
        yield path, "en", path.read_text("utf-8")


def suites() -> Iterator[tuple[Path, ast.Module]]:
    for path in (shipped() / "katas").glob("*/hidden.py"):
        yield path, ast.parse(path.read_text("utf-8"))


def strings(node: ast.AST) -> str:
    """The constant parts of a string or an f-string, in order; nothing for any other expression."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    text = "".join(
        each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else "…" for each in parts
    )
    return re.sub(r" is (not )?(None|True|False)\b", "", text)  # Python, not English


def test_english_is_what_an_english_speaker_writes() -> None:
    """Turns of phrase that were all over the first edition, and that no native writes, stay out of it."""
    texts = [(path, text) for path, lang, text in said() if lang == "en"]
    for path, tree in suites():
        calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
        texts += [
            (path, strings(part)) for each in calls if each.func.id in ("expect", "Words") for part in each.args[:2]
        ]
    assert {f"{path.parent.name}/{path.name}: {text}" for path, text in texts if UNIDIOMATIC.search(text)} == set()


def test_chinese_has_one_word_for_one_thing() -> None:
    """A score is 分数, not 打分; a tensor has a grad_fn, no 历史; a draw is no 硬币; in the katas a mask is 掩码."""
    bare_mask = re.compile(r"(?<![\w`.\-])masks?(?![\w`(/\-])")
    for path, lang, text in said():
        if lang == "zh":
            assert not re.search("打分|硬币|没有(计算)?历史(?!项)", text), (path, text)
            assert path.parent.name == "questions" or not bare_mask.search(re.sub(r"`[^`]*`", "", text)), (path, text)
    for path, tree in suites():
        assert not any(
            "打分" in each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        ), path


def test_what_a_report_shows_is_said_in_both_languages() -> None:
    """`got` and `expected` of a hidden suite are values, code or `Words`, or English stands in a Chinese report."""
    found = []
    for path, tree in suites():
        shown = [
            each.value for each in ast.walk(tree) if isinstance(each, ast.keyword) and each.arg in ("got", "expected")
        ]
        for each in ast.walk(tree):
            if isinstance(each, ast.Dict):
                pairs = zip(each.keys, each.values, strict=True)
                shown += [
                    value for key, value in pairs if isinstance(key, ast.Constant) and key.value in ("got", "expected")
                ]
        branches = [
            part for each in shown for part in ([each.body, each.orelse] if isinstance(each, ast.IfExp) else [each])
        ]
        found += [
            f"{path.parent.name}:{each.lineno}: {strings(each)}" for each in branches if ENGLISH.search(strings(each))
        ]
    assert found == []


def test_every_accepted_answer_of_ours_has_its_style() -> None:
    """Lint leaves it to a pack whether its answers have styles; ours all do, the reference first, and within a kata no
    two titles are alike in either language."""
    for folder in sorted(path.parent for path in (shipped() / "katas").glob("*/kata.yaml")):
        kata = load_kata(folder)
        files = [style.file for style in kata.styles]
        assert sorted(files) == sorted(path.name for path in kata.accepted), kata.id
        assert files[0] == "reference.py", kata.id
        for lang in ("en", "zh"):
            titles = [style.title.say(lang) for style in kata.styles]
            assert sorted({title for title in titles if titles.count(title) > 1}) == [], kata.id


def test_every_check_of_a_kata_has_its_cards_and_they_lead_back() -> None:
    """What failed brings back a card that explains it; a card of a deck's own kata names that kata."""
    decks = [load_deck(path) for path in (shipped() / "questions").glob("*.yaml") if path.stem != "references"]
    cards = {card.name: card for deck in decks for card in deck.cards}
    for folder in sorted(path.parent for path in (shipped() / "katas").glob("*/kata.yaml")):
        kata = load_kata(folder)
        linked = {name for check in kata.checks for name in check.cards}
        assert [check.id for check in kata.checks if not check.cards] == [], kata.id
        assert linked <= cards.keys(), kata.id
        assert any(cards[name].kata == kata.id for name in linked), kata.id
