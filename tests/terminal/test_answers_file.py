"""Answers from a file: whatever stands there is an answer, or a sentence with its line."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from screens import FIXTURES, INTERVIEW, Quiz

from interview.cli.main import main
from interview.log.store import Store

DEEP = "[" * 100_000
VALUES = [
    "[]", "[1]", "[[1]]", "[null]", "{}", '{"a": 1}', "true", "false", "null", "0", "-1", "3", "1.5", "NaN", "Infinity",
    "1e400", "-1e400", "9" * 400, "9" * 5000, f'"{"9" * 5000}"', '"²"', '"x"', '""', '"good"', '"sure"', DEEP,
    '"\\ud800"', '"\\u001b]0;x\\u0007"', '"\\u202e"', '["grows"]',
]  # fmt: skip
FIELDS = ["card", "answer", "why", "ticks", "confidence", "rating", "hint", "other"]
LINES = [
    b"\xff", b"\0", b"\x1b[31m", b"{", b"[]", b"{}", b"9" * 5000, b"9|" * 3000, b"(" * 5000, "²".encode(), b"1if",
    b"- | -", b"sqrt(-1)", b"0**-1", b"comb(1e9,2)", b"x" * (2 << 20), "\u2028".encode(), b"\xef\xbb\xbfgrows",
]  # fmt: skip


@pytest.fixture(autouse=True)
def drill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEW_PATH", str(FIXTURES))
    monkeypatch.setenv("INTERVIEW_LANG", "en")


def answer(path: Path, line: bytes, card: str) -> int:
    path.write_bytes(b"\n" + line + b"\n")
    return main(["quiz", card, "--seed", "1", "--answers", str(path)])


@pytest.mark.parametrize("field", FIELDS)
def test_any_value_is_an_answer_or_a_sentence(
    field: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 0, or code 2 with the line; what is kept can be read again."""
    path = tmp_path / "answers"
    for value in VALUES:
        code = answer(path, f'{{"{field}": {value}}}'.encode(), "sample/peak")
        said = capsys.readouterr().err
        assert code in (0, 2), (value[:50], said)
        assert code == 0 or f"{path}:2: " in said
        assert len(said) < 500
    with Store.peek(home / "history.db") as store:
        assert len(store.reviews()) <= len(VALUES)


@pytest.mark.parametrize("card", ["peak", "variance", "printed", "bug", "why", "holds"])
def test_any_line_is_an_answer_or_a_sentence(card: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For each kind of card."""
    path = tmp_path / "answers"
    for line in LINES:
        code = answer(path, line, f"sample/{card}")
        said = capsys.readouterr().err
        assert code in (0, 2), (line[:50], said)
        assert code == 0 or f"{path}:2" in said


REFUSED = [  # a line for `sample/why`, which is open and has four points; in English, in Chinese
    ('{"rating": 0}', "`rating` is `0`; write 1 to 4", "`rating` 是 `0`；请写 1 到 4"),
    ('{"rating": true}', "`rating` is `true`", "`rating` 是 `true`"),
    ('{"rating": 2.7}', "`rating` is `2.7`", "`rating` 是 `2.7`"),
    ('{"rating": 3.0}', "`rating` is `3.0`", "`rating` 是 `3.0`"),
    ('{"rating": "3"}', '`rating` is `"3"`', '`rating` 是 `"3"`'),
    ('{"rating": "goood"}', '`rating` is `"goood"`', '`rating` 是 `"goood"`'),
    ('{"rating": [3]}', "`rating` is a list", "`rating` 是列表"),
    ('{"rating": {}}', "`rating` is a mapping", "`rating` 是一组键值"),
    ('{"rating": null}', "`rating` is `null`", "`rating` 是 `null`"),
    ('{"hint": null}', "`hint` is `null`; write true or false", "`hint` 是 `null`；请写 true 或 false"),
    ('{"hint": "yes"}', '`hint` is `"yes"`', '`hint` 是 `"yes"`'),
    ('{"hint": 1}', "`hint` is `1`", "`hint` 是 `1`"),
    ('{"confidence": "Sure"}', '`confidence` is `"Sure"`; write "unsure"', '`confidence` 是 `"Sure"`；请写 "unsure"'),
    ('{"confidence": true}', "`confidence` is `true`", "`confidence` 是 `true`"),
    ('{"card": ["sample/why"]}', "`card` is a list; write a text", "`card` 是列表；请写带引号的文字"),
    ('{"card": "why"}', '`card` is `"why"`; a card is named deck/id', '`card` 是 `"why"`；卡片写作 deck/id'),
    ('{"why": 3}', "`why` is `3`; write a text", "`why` 是 `3`；请写带引号的文字"),
    ('{"ticks": "12"}', '`ticks` is `"12"`; write a list of numbers', '`ticks` 是 `"12"`；请写数字的列表'),
    ('{"ticks": 2}', "`ticks` is `2`; write a list", "`ticks` 是 `2`；请写数字的列表"),
    ('{"ticks": [0]}', "an entry of `ticks` is `0`", "`ticks` 里的一项是 `0`"),
    ('{"ticks": ["1"]}', 'an entry of `ticks` is `"1"`', '`ticks` 里的一项是 `"1"`'),
    ('{"ticks": [1e400]}', "an entry of `ticks` is `1e400`", "`ticks` 里的一项是 `1e400`"),
    ('{"ticks": [5]}', "`ticks`: sample/why has 4 points to tick, and no 5", "`ticks`：sample/why 只有 4 个要点"),
    ('{"ticks": [1, 3, 1]}', "`ticks` names a point twice", "`ticks` 里有重复的要点"),
    ('{"rating": 3, "ticks": [1], "rating": 4}', "`rating` stands here a second time", "`rating` 在这里出现了第二次"),
    ('{"raitng": 3}', "unknown key `raitng`; did you mean `rating`?", "不认识的键 `raitng`；是不是 `rating`？"),
    ('{"answer": 1e400}', "`answer` is `1e400`; write a text, a number", "`answer` 是 `1e400`；请写文字、数字"),
    ('{"answer": ["x", null]}', "`answer` is `null`", "`answer` 是 `null`"),
    ('{"answer": [["x"]]}', "`answer` is a list", "`answer` 是列表"),
    ('{"answer": []}', "leave the field out", "不作答就不写这个字段"),
    ('{"answer": " "}', '`answer` is `" "`', '`answer` 是 `" "`'),
    ('{"answer": NaN}', "not JSON: a value belongs here", "不是 JSON：这里要写值"),
    ('{"answer": -Infinity}', "not JSON: a value belongs here", "不是 JSON：这里要写值"),
    (f'{{"why": {DEEP}', "not JSON: nested more than 20 deep", "不是 JSON：嵌套超过 20 层"),
    ('{"why": "x', "not JSON: a text is not closed", "不是 JSON：文字缺少右引号"),
    ('{"why": "\\x"}', "not JSON: a text holds a `\\`", "不是 JSON：文字里的 `\\`"),
    ('{"why": "x" "hint": true}', "not JSON: `,` belongs here", "不是 JSON：这里缺少 `,`"),
    ("{'why': 3}", 'not JSON: a key in "quotes"', '不是 JSON：这里要写带 "引号" 的键'),
    ('{"rating": 3}}', "not JSON: there is more after its end", "不是 JSON：结束之后还有内容"),
    ("a\0b", "the control character '\\x00'", "含有控制字符 '\\x00'"),
    ("a\x1b[31m", "the control character '\\x1b'", "含有控制字符 '\\x1b'"),
    ('\ufeff{"rating": 3}', "the control character '\\ufeff'", "含有控制字符 '\\ufeff'"),
    ('{"answer": "\\u202e"}', "the control character '\\u202e'", "含有控制字符 '\\u202e'"),
    ('{"answer": "\\ud800"}', "the control character '\\ud800'", "含有控制字符 '\\ud800'"),
    ("x" * 10_000_000, "longer than an answer can be", "太长，不会是答案"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "en", "zh"), REFUSED, ids=lambda text: ascii(text[:24]))
def test_what_is_no_answer_is_refused(
    line: str, en: str, zh: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Code 2 with `file:line`, the field and what was wanted, in either language; nothing is kept of it."""
    path = tmp_path / "answers"
    for lang, said in (("en", en), ("zh", zh)):
        path.write_text(f"\n{line}\n", "utf-8")
        assert main(["--lang", lang, "quiz", "sample/why", "--answers", str(path)]) == 2
        told = capsys.readouterr().err
        assert told.startswith(f"interview: {path}:2: ")
        assert said in told
        assert len(told.splitlines()) == 1
    with Store.peek(home / "history.db") as store:
        assert store.reviews() == []


@pytest.mark.parametrize(
    ("card", "line", "en", "zh"),
    [
        ("peak", "grows,flat", "sample/peak wants one option", "sample/peak 要的是一个选项"),
        ("peak", '{"answer": ["grows", "grows"]}', "`answer`: sample/peak wants one", "`answer`：sample/peak 要的是"),
        ("peak", "4", "wants the id or the digit", "要的是它的一个选项的编号或序号"),
        ("holds", "maybe", "wants y or n, not `maybe`", "要的是 y 或 n"),
        ("holds", '{"answer": [true, false]}', "wants y or n, not `y, n`", "要的是 y 或 n"),
        ("variance", "two", "wants a number", "要的是一个数"),
        ("variance", '{"answer": [1, 2]}', "wants 1 number(s)", "要的是 1 个数"),
        ("bug", "0", "wants the number of a line", "要的是它的代码的一个行号"),
        ("bug", "99", "wants the number of a line", "要的是它的代码的一个行号"),
    ],
)  # fmt: skip
def test_what_is_no_answer_to_the_card_is_refused(
    card: str, line: str, en: str, zh: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Too many, too few, none of those shown: code 2 with the line, the card and what it wants."""
    path = tmp_path / "answers"
    path.write_text(f"{line}\n", "utf-8")
    for lang, said in (("en", en), ("zh", zh)):
        assert main(["--lang", lang, "quiz", f"sample/{card}", "--seed", "1", "--answers", str(path)]) == 2
        told = capsys.readouterr().err
        assert f"{path}:1: " in told
        assert said in told


@pytest.mark.parametrize("bad", [b"\xff\n", b'{"rating": 9}\n', b'{"ticks": [7]}\n'], ids=ascii)
def test_what_stood_before_a_broken_line_is_answered(
    bad: bytes, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is saved and told, in words and as JSON's totals; then the line is named."""
    path = tmp_path / "answers"
    path.write_bytes(b'{"rating": 3}\n' * 2 + bad)
    assert main(["quiz", "sample", "--seed", "1", "--answers", str(path)]) == 2
    told = capsys.readouterr()
    assert "2 answered" in told.out
    assert f"{path}:3: " in told.err
    with Store.peek(home / "history.db") as store:
        assert len(store.reviews()) == 2
    path.write_bytes(b'{"rating": 3}\n' + bad)
    assert main(["quiz", "sample", "--seed", "1", "--answers", str(path), "--json"]) == 2
    *said, totals = map(json.loads, capsys.readouterr().out.splitlines())
    assert len(said) == totals["totals"]["reviews"] == 1


def test_a_file_as_other_editors_write_it_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mark of its encoding before the first line, CRLF, blank lines, no end of the last line."""
    path = tmp_path / "answers"
    path.write_bytes(b'\xef\xbb\xbf{"rating": 3}\r\n\r\n \t\r\n{"rating": "hard"}')
    assert main(["quiz", "sample", "--seed", "1", "--answers", str(path), "--json"]) == 0
    *said, _ = map(json.loads, capsys.readouterr().out.splitlines())
    assert [each["rating"] for each in said] == ["good", "hard"]


def test_too_few_and_too_many_answers_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is left of the sitting; each answer that no card took, by its line, and what is wrong with the rest."""
    path = tmp_path / "answers"
    path.write_text('{"rating": 3}\n')
    assert main(["quiz", "sample", "--answers", str(path)]) == 0
    assert "5 new" in capsys.readouterr().out
    path.write_text('{"rating": 3}\n' * 6 + '{"card": "sample/gone"}\n')
    assert main(["--lang", "zh", "quiz", "sample", "--answers", str(path)]) == 0
    assert f"{path}:6: 已经没有卡片要答\ninterview: {path}:7: 没有问到 sample/gone" in capsys.readouterr().err
    path.write_text('{"card": "sample/bug", "rating": 3}\n' * 2 + "-\n" * 9 + '{"rating": 9}\n')
    assert main(["quiz", "sample/bug", "--cram", "--answers", str(path)]) == 2
    told = capsys.readouterr().err
    assert "and 7 more" in told
    assert f"{path}:12: `rating` is `9`" in told


@pytest.mark.parametrize("name", ["/dev/zero", ".", "gone"])
def test_what_is_no_file_of_answers_is_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, nothing, a line without end: code 2 at once."""
    assert main(["quiz", "sample", "--answers", name]) == 2
    said = capsys.readouterr().err.removeprefix("interview: ")
    assert said.startswith((f"--answers: {name} ", f"{name}:1: "))


@pytest.mark.parametrize("closed", [False, True])
def test_an_empty_standard_input_answers_nothing(closed: bool) -> None:
    """Code 0, and what is left: whoever pipes nothing asked for nothing. One that is closed is an empty one."""
    done = subprocess.run(
        [INTERVIEW, "quiz", "sample", "--answers", "-"],
        stdin=subprocess.DEVNULL,
        preexec_fn=(lambda: os.close(0)) if closed else None,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "0 answered" in done.stdout
    assert "6 new" in done.stdout
    assert done.stderr == ""


def test_what_was_printed_with_braces_is_an_answer_in_an_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line of its own that begins so is an object, and the complaint says how such an answer is written."""
    path = tmp_path / "answers"
    path.write_text("{'a': 1}\n")
    assert main(["quiz", "sample/printed", "--answers", str(path)]) == 2
    assert 'an answer that begins with `{` is written {"answer": "{…"}' in capsys.readouterr().err
    path.write_text('{"answer": "{\'a\': 1}"}\n')
    assert main(["quiz", "sample/printed", "--answers", str(path)]) == 0


def test_a_slip_at_a_terminal_is_told_and_asked_again(home: Path) -> None:
    """Whoever answers line by line loses neither the card nor the sitting by a line that is no answer."""
    terminal = Quiz("quiz", "sample", "--answers", "-", "--seed", "1")
    try:
        terminal.until("It peaks")
        terminal.press("banana\r")
        terminal.until("stdin:1: sample/peak wants the id")
        terminal.press('{"rating": 9}\r')
        terminal.until("stdin:2: `rating` is `9`")
        terminal.press("grows\r")
        terminal.until("✓ sample/peak")
        assert terminal.leave("ctrl-d") == 0
    finally:
        terminal.close()
    with Store.peek(home / "history.db") as store:
        assert [review.card for review in store.reviews()] == ["sample/peak"]
