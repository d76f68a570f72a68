from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from decks import CHOICE, write_deck, write_kata

from interview.content.catalog import clashes, deck_names, find_deck, find_kata, kata_names, load_decks
from interview.errors import ContentError


def test_names_come_in_the_order_of_the_roots(tmp_path: Path) -> None:
    """Ours first, then the packs; references are no deck."""
    first, second = tmp_path / "ours", tmp_path / "theirs"
    write_deck(first, CHOICE, name="zeta")
    write_deck(second, CHOICE, name="alpha")
    write_kata(second)
    assert deck_names([first, second, tmp_path / "none"]) == ["zeta", "alpha"]
    assert kata_names([first, second]) == ["double"]


def test_finding_one_deck_reads_no_other(tmp_path: Path) -> None:
    """A broken deck does not keep one from drilling another."""
    sound = write_deck(tmp_path, CHOICE)
    (tmp_path / "questions" / "broken.yaml").write_bytes(b"\xff")
    assert find_deck([tmp_path], "mine") == sound
    assert find_deck([tmp_path], "none") is None
    assert find_kata([tmp_path], "none") is None


def test_one_name_in_two_packs_is_refused(tmp_path: Path) -> None:
    """Cards are known by `deck/id`, so the person must rename one; both places are named."""
    first, second = tmp_path / "ours", tmp_path / "theirs"
    write_deck(first, CHOICE)
    other = write_deck(second, CHOICE)
    with pytest.raises(ContentError, match="rename one of them"):
        find_deck([first, second], "mine")
    assert [problem.path for problem in clashes([first, second])] == [other]
    assert find_deck([first, first], "mine")


def test_all_decks_that_can_be_read_are(tmp_path: Path) -> None:
    """A list shows the sound ones, and why the others are missing."""
    write_deck(tmp_path, CHOICE)
    (tmp_path / "questions" / "broken.yaml").write_bytes(b"\xff")
    decks, errors = load_decks([tmp_path])
    assert [deck.id for deck in decks] == ["mine"]
    assert "not UTF-8" in str(errors[0])


def test_reading_content_imports_nothing_heavy() -> None:
    """The first card waits for YAML, not for torch, numpy, pytest, pydantic or rich."""
    heavy = "{'torch', 'numpy', 'pytest', 'pydantic', 'rich'}"
    code = f"import sys, interview.content.catalog; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    subprocess.run([sys.executable, "-c", code], check=True)
