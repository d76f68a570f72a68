from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.content.cards.plain import plain, write_yaml
from interview.content.reading.json_node import parse_json_node
from interview.content.reading.node import parse_node
from interview.content.reading.problem import UnsoundError
from interview.printable import unprintable

HERE = Path("deck.json")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t "), min_size=1).filter(
    lambda text: not unprintable().search(text)
)
KEYS = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
NUMBERS = st.integers(-(10**9), 10**9) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    WORDS | NUMBERS | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_a_value_comes_back_the_same(value: object) -> None:
    """JSON in, the nodes that YAML would give, the same value out; numbers stay numbers, text stays text."""
    assert plain(parse_json_node(json.dumps(value, indent=1), HERE)) == value


@given(st.dictionaries(KEYS, VALUES, min_size=1))
def test_what_is_written_as_yaml_reads_the_same(value: dict[str, object]) -> None:
    """Whatever the text holds: colons, quotes, `no`, trailing spaces, Chinese, blank lines."""
    node = parse_node(write_yaml(value), HERE)
    node.settle()
    assert plain(node) == value


@pytest.mark.parametrize("escape", ["\\u001b[31m", "\\u009b", "\\u202e", "\\udb40\\udc41", "\\ud800", "\\r", "\\b"])
@pytest.mark.parametrize("where", ['"{}"', '{{"a": "{}"}}', '{{"{}": 1}}', '[["a {} b"]]'])
def test_an_escape_is_no_way_in(escape: str, where: str) -> None:
    """What a deck may not hold, JSON may not spell either, as value or as key; the line is told."""
    node = parse_json_node("\n" + where.format(escape), HERE)
    with pytest.raises(UnsoundError, match=r"deck.json:2: the control character"):
        node.settle()


def test_every_value_knows_its_line() -> None:
    """A field's line is its key's, as in YAML."""
    root = parse_json_node('{\n "a": [\n  1,\n  {"b":\n "x"}]\n}', HERE)
    listed = root.value["a"]
    assert (root.line, listed.line, listed.value[0].line, listed.value[1].value["b"].line) == (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('{"a": 1,\n "b" 2}', 2, "`:` belongs after `b`"),
        ('{"a": 1\n "b": 2}', 2, "`,` belongs here"),
        ("[1,\n", 2, "it ends too early"),
        ('{"a": nope}', 1, "a value belongs here, not `nope}`"),
        ("{a: 1}", 1, 'a key in "quotes"'),
        ('"open', 1, "a text is not closed with a quote"),
        ("1\n2", 2, "there is more after its end"),
        ("[" * 60_000, 1, "nested more than"),
    ],
)
def test_what_is_no_json_is_told_with_its_line(text: str, line: int, said: str) -> None:
    """The file, the line, and what belongs there."""
    with pytest.raises(UnsoundError) as raised:
        parse_json_node(text, HERE)
    assert str(raised.value).startswith(f"deck.json:{line}: not JSON: ")
    assert said in str(raised.value)


def test_a_key_given_twice_is_told() -> None:
    """Neither is taken silently."""
    node = parse_json_node('{"a": 1,\n"a": 2}', HERE)
    with pytest.raises(UnsoundError, match=r"deck.json:2: `a` stands here a second time"):
        node.settle()


def test_null_is_a_key_left_out() -> None:
    """Programs write null where a person writes nothing."""
    assert plain(parse_json_node('{"a": null, "b": 1}', HERE)) == {"b": 1}
