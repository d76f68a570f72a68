from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.content.reading.field import Node
from interview.content.reading.node import load_node, parse_node
from interview.content.reading.problem import Problem, short
from interview.errors import ContentError
from interview.printable import printable_line

HERE = Path("/content/deck.yaml")


def complaints(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.text) for each in parse_node(text, HERE).problems]


def test_a_field_stands_where_its_key_stands() -> None:
    """The line of a field is its key's, also when its text begins a line later."""
    node = parse_node("a: 1\nb:\n  c: |\n    text\n", HERE)
    assert node.value["b"].line == 2
    assert node.value["b"].value["c"].line == 3


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2\n", 2, "second time (first in line 1)"),
        ("a: 1\nb:\n\tc: 1\n", 3, "a tab"),
        ("a: &x [1]\nb: *x\n", 2, "aliases are not read"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "tags are not read"),
        ("a: !!str 1\n", 1, "tags are not read"),
        ("", 1, "empty"),
        ("   \n\n", 1, "empty"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("a: {en: Really?, zh: b: c}\n", 1, "not YAML"),
        ("a: 'open\n", 2, "not YAML"),
        ("[a, b]: 1\n", 1, "as a key"),
        ("a: " + "[" * 50 + "]" * 50, 1, "deep"),
        ("%TAG !a! tag:x,2000:\n" * 100_000 + "---\na: 1\n", 1, "tags are not read"),  # each is compared with all
        ("a:\n  b: 1\n  c: " + "x" * 20_001, 3, "more than 20000 characters"),
        ("a:\n" + "- 1\n" * 260_000, 249_999, "more than 250000 values"),
        ("".join(f"k{n}: 1\n" for n in range(130_000)), 125_000, "more than 250000 values"),
    ],
)
def test_what_is_refused_is_told_with_its_line(text: str, line: int, said: str) -> None:
    """Tabs, repeated keys, aliases, tags, a second document and bad syntax are each told where they stand."""
    assert any(at == line and said in each for at, each in complaints(text)), complaints(text)


def test_of_a_flood_of_faults_the_first_are_told() -> None:
    """A person mends the first few; a file of a hundred thousand aliases is not read to its end."""
    for flood in ("a: [" + "*a, " * 100_000 + "1]", "a: [" + "&a 1, " * 100_000 + "1]", "a: 1\n" * 100_000):
        assert 200 <= len(complaints(flood)) <= 202
    node = parse_node("".join(f"key{n}: 1\n" for n in range(20_000)), HERE)
    node.unknown("key", "lock")
    assert len(node.problems) == 21
    assert "and 19980 more unknown keys" in node.problems[-1].text


def test_nesting_ends_in_a_complaint_not_in_a_crash() -> None:
    """`yaml.compose` ends the process here: its C code recurses."""
    for bomb in ("[" * 100_000, "- " * 100_000, "{a: " * 100_000, "? " * 100_000):
        assert complaints(bomb)


def test_an_alias_bomb_does_not_grow() -> None:
    """Nine lists of nine aliases would be 9^9 nodes; an alias is a complaint and an empty text."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    node = parse_node("\n".join(lines), HERE)
    assert len(list(node.walk())) < 200
    assert node.problems


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x00\x01\x02", "control character"),
        (b"a: \xff\xfe", "not UTF-8"),
        ("a: \u001b[31m".encode(), "control character"),
        (b"a" * (3 << 20), "larger than"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, raw: bytes, said: str) -> None:
    """Binary, other encodings, escapes and huge files are refused before they are parsed."""
    path = tmp_path / "deck.yaml"
    path.write_bytes(raw)
    with pytest.raises(ContentError, match=said):
        load_node(path).settle()


def test_a_missing_file_and_a_folder_are_content_errors(tmp_path: Path) -> None:
    """What the disk refuses is told like everything else."""
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "pipe.yaml", Path("/dev/zero")):
        with pytest.raises(ContentError, match="cannot be read"):
            load_node(path)


@pytest.mark.parametrize("word", ["no", "Yes", "on", "y", "null", "~", "1e-3", "12:30", "0.5", "010", "2026-01-01"])
def test_a_plain_word_with_another_meaning_is_no_text(word: str) -> None:
    """YAML 1.1 reads these as booleans, numbers, times: as text they must be quoted."""
    node = parse_node(f"plain: {word}\nquoted: '{word}'\n", HERE)
    assert node.string("quoted") == word
    assert not node.problems
    node.string("plain")
    assert "quote it" in node.problems[0].text


@pytest.mark.parametrize("word", ["1e-3", "12:30", "010", "0x10", "1_000", "'2'", ".inf", "abc", "[1]", "1.0e999"])
def test_a_number_is_written_plainly(word: str) -> None:
    """What YAML readers disagree about is no number, nor is a quoted one."""
    node = parse_node(f"a: {word}\n", HERE)
    node.number("a")
    assert "1.0e-3" in node.problems[0].text


@pytest.mark.parametrize(("word", "value"), [("2", 2.0), ("-0.5", -0.5), ("1.0e-3", 0.001), ("2147483648", 2.0**31)])
def test_numbers_are_read(word: str, value: float) -> None:
    """Whole numbers, decimals, and exponents with a point and a sign."""
    node = parse_node(f"a: {word}\n", HERE)
    assert node.number("a") == value
    node.settle()


def test_only_true_and_false_are_flags() -> None:
    """`yes` is refused rather than guessed; a missing flag has its default."""
    node = parse_node("a: true\nb: yes\n", HERE)
    assert node.flag("a") is True
    assert node.flag("none") is False
    assert not node.problems
    node.flag("b")
    assert "write true or false" in node.problems[0].text


def test_an_unknown_key_is_told_its_nearest() -> None:
    """A mistyped key is refused with the one that was meant."""
    node = parse_node("titel: x\n", HERE)
    node.unknown("title", "cards")
    en, zh = "unknown key `titel`; did you mean `title`?", "不认识的键 `titel`；是不是 `title`？"
    assert node.problems == [Problem(HERE, 1, en, zh)]


def test_both_languages_are_needed() -> None:
    """A missing or empty language is a complaint."""
    for text in ("a: {en: x}", "a: {en: x, zh: ''}", "a: x"):
        node = parse_node(text, HERE)
        node.text("a")
        assert node.problems


def test_all_complaints_are_raised_together() -> None:
    """Reading goes on after a complaint, so one run tells them all."""
    node = parse_node("a: no\nb: no\n", HERE)
    node.string("a")
    node.string("b")
    with pytest.raises(ContentError) as raised:
        node.settle()
    assert [line.split(": ")[0] for line in str(raised.value).split("\n")] == [f"{HERE}:1", f"{HERE}:2"]


def test_paths_are_shown_as_one_would_type_them(tmp_path: Path) -> None:
    """Relative below the current folder, whole elsewhere."""
    assert short(Path.cwd() / "questions" / "a.yaml") == "questions/a.yaml"
    assert short(tmp_path / "a.yaml") == str(tmp_path / "a.yaml")


def test_what_a_file_says_cannot_steer_the_terminal() -> None:
    """Keys and tags are told with their control characters replaced."""
    node = parse_node('"a\\x1b[31m": 1\n', HERE)
    node.unknown("b")
    assert "\x1b" not in node.problems[0].text


@pytest.mark.parametrize(
    "escape", ["\\e[31m", "\\x9b", "\\u202e", "\\U000E0041", "\\0", "\\a", "\\r", "\\N", "\\L", "\\P", "\\ufeff"]
)
@pytest.mark.parametrize("where", ['"{}"', 'a: "{}"', '"{}": a', '- "b\n\n  c {} d"', '{{a: ["{}"]}}'])
def test_an_escape_is_no_way_in(escape: str, where: str) -> None:
    """What the file may not hold, it may not spell either: as value, key or in a list, and the line is told."""
    node = parse_node("\n" + where.format(escape), HERE)
    with pytest.raises(ContentError, match="control character") as raised:
        node.settle()
    assert str(raised.value).startswith(f"{HERE}:2: ")
    assert printable_line(str(raised.value)) == str(raised.value)


def test_an_escape_of_what_is_shown_is_text() -> None:
    """Newlines, tabs, letters and joined emoji may be spelt."""
    node = parse_node('"a\\n\\tb\\u00e9\\u4e2d\\U0001F468\\u200d\\U0001F52C"', HERE)
    node.settle()
    assert node.value == "a\n\tbé中👨\u200d🔬"


@given(st.text())
def test_any_text_is_a_node_or_complaints(text: str) -> None:
    """No text makes the parser raise anything of its own."""
    assert isinstance(parse_node(text, HERE), Node)


@given(st.binary())
def test_any_bytes_are_a_node_or_a_content_error(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    """No file makes loading raise anything else."""
    path = tmp_path_factory.mktemp("any") / "deck.yaml"
    path.write_bytes(raw)
    said = f"{path}:"
    try:
        load_node(path).settle()
    except ContentError as error:
        said = str(error)
    assert said.startswith(f"{path}:")
