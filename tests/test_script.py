"""Answers from a file: whatever stands there is an answer, or a sentence with its line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from screens import FIXTURES

from interview.cli.main import main
from interview.store import Store

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


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"card": ["sample/peak"]}', '["sample/peak"] is no text'),
        ('{"ticks": [1e400]}', "Infinity is no whole number"),
        ('{"rating": true}', "true is no whole number"),
        ('{"rating": 2.5}', "2.5 is no whole number"),
        ('{"hint": "yes"}', '"yes" is neither true nor false'),
        (f'{{"why": {DEEP}', "nested too deep"),
    ],
)
def test_what_is_no_answer_is_said(line: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The value, cut short, and what was wanted of it."""
    assert answer(tmp_path / "answers", line.encode(), "sample/why") == 2
    assert said in capsys.readouterr().err


def test_what_stood_before_a_broken_line_is_answered(tmp_path: Path, home: Path) -> None:
    """Bytes that are no text end the sitting where they stand."""
    path = tmp_path / "answers"
    path.write_bytes(b'{"rating": 3}\n{"rating": 3}\n\xff\n')
    assert main(["quiz", "sample", "--seed", "1", "--answers", str(path)]) == 2
    with Store.peek(home / "history.db") as store:
        assert len(store.reviews()) == 2


def test_no_text_that_a_terminal_obeys_is_kept(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither typed as a line nor spelt in JSON."""
    path = tmp_path / "answers"
    path.write_bytes(b"a\x1b[31m\n" + json.dumps({"card": "sample/why", "answer": "\x1b\u202e\ud800"}).encode() + b"\n")
    main(["quiz", "sample/why", "--answers", str(path)])
    main(["quiz", "sample/why", "--cram", "--answers", str(path)])
    with Store.peek(home / "history.db") as store:
        given = [review.given for review in store.reviews()]
    assert given
    assert all(each is None or each.isprintable() for each in given)


@pytest.mark.parametrize("name", ["/dev/zero", ".", "gone"])
def test_what_is_no_file_of_answers_is_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, nothing, a line without end: code 2 at once."""
    assert main(["quiz", "sample", "--answers", name]) == 2
    assert f"--answers: {name}" in capsys.readouterr().err


def test_an_empty_standard_input_answers_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 0: whoever pipes nothing asked for nothing."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["quiz", "sample", "--answers", "-"]) == 0
