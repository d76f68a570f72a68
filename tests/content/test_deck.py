from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import pytest
from decks import CHOICE, EVERY_KIND, NUMERIC, OPEN, PREDICT, SPOT, TRUE_FALSE, line_of, write_deck
from hypothesis import given
from hypothesis import strategies as st

from interview.content.cards.deck import Choice, Deck, FollowUp, NearMiss, Numeric, Proof, Tolerance, TrueFalse
from interview.content.cards.deck_file import load_deck, parse_deck
from interview.content.reading.node import parse_node
from interview.errors import ContentError
from interview.text import Text


def test_every_kind_is_read(tmp_path: Path) -> None:
    """One card of each kind, in the file's order, each known by `deck/id`."""
    deck = load_deck(write_deck(tmp_path, EVERY_KIND))
    assert [card.kind for card in deck.cards] == [
        "choice", "numeric", "predict_output", "spot_bug", "open", "true_false"
    ]  # fmt: skip
    assert deck.cards[0].name == "mine/strongest"
    assert deck.title == Text("A deck", "题库")


def test_what_a_card_says_is_kept(tmp_path: Path) -> None:
    """Options, quantities, follow-ups and proofs come out as written."""
    choice, numeric, _, _, explain, ridge = load_deck(write_deck(tmp_path, EVERY_KIND)).cards
    assert isinstance(choice.answer, Choice)
    assert [(option.id, option.right, option.mistake) for option in choice.answer.options] == [
        ("grows", True, None), ("half", False, "peak"), ("falls", False, None)
    ]  # fmt: skip
    assert isinstance(numeric.answer, Numeric)
    assert numeric.answer.params == {"p": (0.1, 0.2), "x": (3.0, 4.0)}
    assert numeric.answer.parts[0].near_misses == (NearMiss("x**2 * p*(1-p)", "vanilla"),)
    assert numeric.answer.parts[0].within == Tolerance(absolute=0.001)
    assert numeric.proof == Proof("print(x**2 * p / (1 - p))\n", None)
    assert explain.follow_ups == (
        FollowUp("mine/strongest", None, None),
        FollowUp(None, Text("And then?", "然后呢？"), Text("More.", "还有。")),
    )
    assert (explain.must_know, explain.origin, explain.rubric[0].must) == (True, ("Q1",), True)
    assert ridge.ask is None
    assert ridge.answer == TrueFalse(Text("It is ridge.", "它就是 ridge。"), holds=False)


def test_several_quantities_are_parts(tmp_path: Path) -> None:
    """Each part has its own question, number and tolerance."""
    parts = """\
  parts:
    - {ask: {en: "Mean?", zh: "均值？"}, value: 3, within: {abs: 1.0e-9}}
    - {ask: {en: "Variance?", zh: "方差？"}, expr: 9*0.25, within: {rel: 0.01}}
"""
    before, rest = NUMERIC.split("  params:")[0], NUMERIC[NUMERIC.index("  ask:") :]
    card = before + parts + rest.replace("{{x}}", "x").replace("{{p}}", "p").replace("{{x**2 * p/(1-p)}}", "y")
    answer = load_deck(write_deck(tmp_path, card)).cards[0].answer
    assert isinstance(answer, Numeric)
    assert [(part.expr, part.ask) for part in answer.parts] == [
        ("3.0", Text("Mean?", "均值？")), ("9*0.25", Text("Variance?", "方差？"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cards", "old", "new", "said"),
    [
        (CHOICE, "level: 3", "level: 6", "whole number from 1 to 5"),
        (CHOICE, "level: 3", "lvel: 3", "unknown key `lvel`; did you mean `level`?"),
        (CHOICE, "level: 3", "level: three", "whole number from 1 to 5"),
        (CHOICE, "rev: 1", "rev: 0", "whole number"),
        (CHOICE, "kind: choice", "kind: chioce", "it is one of"),
        (CHOICE, ', zh: "在 `p` 处多强？"', "", "`zh` is missing"),
        (CHOICE, 'zh: "在 `p` 处多强？"', 'zh: ""', "`zh` is empty"),
        (CHOICE, "id: half", "id: grows", "used twice"),
        (CHOICE, "id: strongest", "id: Strongest P", "an id is made of"),
        (CHOICE, "right: true", "right: yes", "write true or false"),
        (CHOICE, '    - {id: falls, en: "It falls.", zh: "递减。"}\n', "", "three or more"),
        (CHOICE, "tags: [theory]", "tags: theory", "a list belongs"),
        (CHOICE, "tags: [theory]", "tags: [no]", "quote it"),
        (CHOICE, '  answer: {en: "It grows.", zh: "递增。"}\n', "", "`answer` is missing"),
        (NUMERIC, "expr: x**2 * p/(1-p)", "expr: x**2 * q", "`q` is no parameter"),
        (NUMERIC, "expr: x**2 * p/(1-p)", "expr: 1/(p-0.1)", "divides by zero"),
        (NUMERIC, "expr: x**2 * p/(1-p)", "expr: x\n    value: 3", "either `value`"),
        (NUMERIC, "within: {abs: 0.001}", "within: {abs: 1e-3}", "1.0e-3"),
        (NUMERIC, "within: {abs: 0.001}", "within: {}", "`within` is empty"),
        (NUMERIC, "within: {abs: 0.001}", "within: {abs: 0}", "no room"),
        (NUMERIC, "x is {{x}}", "x is {{y}}", "`y` is no parameter"),
        (NUMERIC, "{p: [0.1, 0.2]", "{sqrt: [0.1, 0.2]", "cannot name a parameter"),
        (PREDICT, 'prints: "3"', "prints: 3", "quote it"),
        (SPOT, "lines: [2]", "lines: [3]", "from 1 to 2"),
        (SPOT, "lines: [2]", "lines: []", "at least one"),
        (OPEN, '    - {en: "Three.", zh: "其三。"}\n', "", "3 to 6"),
        (OPEN, '  model_answer: {en: "Because.", zh: "因为。"}\n', "", "`model_answer` is missing"),
        (OPEN, "must_know: true", "must_know: 1", "write true or false"),
        (TRUE_FALSE, "  holds: false\n", "", "`holds` is missing"),
    ],
)
def test_a_fault_of_structure_is_refused_with_its_line(
    tmp_path: Path, cards: str, old: str, new: str, said: str
) -> None:
    """A wrong type, an unknown key, a missing language, a repeated id: named by file and line."""
    assert old in cards
    path = write_deck(tmp_path, cards.replace(old, new.replace("\n    ", "\n  "), 1))
    with pytest.raises(ContentError, match=r"mine\.yaml:\d+: ") as raised:
        load_deck(path)
    assert said in str(raised.value)
    assert all(re.search(r":\d+: .*[\u4e00-\u9fff]", line) for line in raised.value.zh.splitlines())


MANY = ", ".join(f"p{n}: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]" for n in range(26))
SOME = f"params: {{p: [{', '.join(f'0.{n:02}' for n in range(1, 41))}], x: [{', '.join(map(str, range(50)))}]}}"


@pytest.mark.parametrize(
    ("params", "old", "new", "said"),
    [
        (f"params: {{{MANY}, p: [0.1], x: [3]}}", "", "", "more than 2000 combinations of params"),
        (SOME, "near_misses: [", "near_misses: [" + "{expr: x + p, mistake: vanilla}, " * 5_000, "too many for a deck"),
        (SOME, "x is {{x}}", "x is " + "{{x}}" * 1_000, "too many for a deck"),
    ],
)  # fmt: skip
def test_a_deck_that_computes_too_much_is_refused(tmp_path: Path, params: str, old: str, new: str, said: str) -> None:
    """10^26 draws, or some draws of many formulas: told at the card, and none of it is computed; the rest is read."""
    many = NUMERIC.replace("params: {p: [0.1, 0.2], x: [3, 4]}", params)
    path = write_deck(tmp_path, many.replace(old, new, 1) + CHOICE.replace("level: 3", "level: 9"))
    with pytest.raises(ContentError) as raised:
        load_deck(path)
    assert said in str(raised.value)
    assert "`level` is `9`" in str(raised.value)


def test_the_cards_of_a_deck_share_what_it_may_compute(tmp_path: Path) -> None:
    """Sixteen thousand values a card are six cards; the seventh is told, not computed."""
    many = NUMERIC.replace("params: {p: [0.1, 0.2], x: [3, 4]}", SOME)
    path = write_deck(tmp_path, "".join(many.replace("id: variance", f"id: v{n}") for n in range(7)))
    with pytest.raises(ContentError, match="16000 values, too many for a deck") as raised:
        load_deck(path)
    assert str(raised.value).count("\n") == 0


@pytest.mark.parametrize("key", ["choices", "refs", "tags", "mistakes", "follow_ups"])
def test_no_list_of_a_card_goes_on_for_ever(tmp_path: Path, key: str) -> None:
    """Two hundred entries are more than anybody reads."""
    path = write_deck(
        tmp_path,
        f"{CHOICE}  {key}2: 0\n".replace(f"  {key}:", "  was:").replace(
            f"{key}2: 0", f"{key}: [{', '.join(f'a{n}' for n in range(201))}]"
        ),
    )
    with pytest.raises(ContentError, match="201 entries; 200 are the most"):
        load_deck(path)


def test_the_line_is_the_faulty_key_s(tmp_path: Path) -> None:
    """A complaint about a value points at its key."""
    path = write_deck(tmp_path, CHOICE.replace("level: 3", "level: 9"))
    with pytest.raises(ContentError, match=f":{line_of(path, 'level')}: "):
        load_deck(path)


def test_a_card_id_is_used_once(tmp_path: Path) -> None:
    """The second card of that id is told where the first stands."""
    path = write_deck(tmp_path, CHOICE + CHOICE)
    with pytest.raises(ContentError, match=r"`strongest` is used twice \(first in line 4\)"):
        load_deck(path)


def test_a_deck_is_named_as_its_file(tmp_path: Path) -> None:
    """The history knows cards by `deck/id`: a copied file must not answer for another deck."""
    path = write_deck(tmp_path, CHOICE)
    other = path.rename(path.with_name("other.yaml"))
    with pytest.raises(ContentError, match=r"name the file mine\.yaml"):
        load_deck(other)


@pytest.mark.parametrize("text", ["[]", "x", "deck: d", "cards: 1", "deck: [d]\ncards: {a: 1}", "cards: [1, []]"])
def test_what_is_no_deck_is_told_so(text: str) -> None:
    """Wrong shapes at the top are complaints, too."""
    with pytest.raises(ContentError):
        parse_deck(parse_node(text, Path("/d.yaml")))


PIECES = [line for line in EVERY_KIND.split("\n") if line.strip()]


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_lines_of_cards_in_any_order_are_a_deck_or_refused(lines: list[str]) -> None:
    """Shuffled, doubled and missing lines never make the parser raise anything but ContentError."""
    text = 'deck: mine\ntitle: {en: "A", zh: "题"}\ncards:\n' + "\n".join(f"  {line}" for line in lines)
    with suppress(ContentError):
        assert isinstance(parse_deck(parse_node(text, Path("/mine.yaml"))), Deck)


@given(st.integers(0, len(EVERY_KIND)), st.text(max_size=5))
def test_a_deck_with_a_stray_edit_is_a_deck_or_refused(at: int, stray: str) -> None:
    """Whatever is typed into the file by accident."""
    text = 'deck: mine\ntitle: {en: "A", zh: "题"}\ncards:\n' + EVERY_KIND
    with suppress(ContentError):
        assert isinstance(parse_deck(parse_node(text[:at] + stray + text[at:], Path("/mine.yaml"))), Deck)
