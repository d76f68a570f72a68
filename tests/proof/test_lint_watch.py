"""`lint --watch KATA`: a proof at each save, whatever is saved, until Ctrl-C."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from decks import CHOICE, KATA, line_of, write_deck, write_kata
from screens import INTERVIEW
from users import below

from interview.cli.main import main

PATIENCE = 120.0


class Watch:
    """A running watch, and what it prints."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.rest = ""

    def until(self, words: str) -> str:
        """All that was printed up to the end of the words, since the last time."""
        assert self.process.stdout
        limit = time.monotonic() + PATIENCE
        while words not in self.rest:
            ready, _, _ = select.select([self.process.stdout], [], [], limit - time.monotonic())
            assert ready, self.rest
            data = os.read(self.process.stdout.fileno(), 65536)
            assert data, self.rest
            self.rest += data.decode()
        found, _, self.rest = self.rest.partition(words)
        return found + words


@contextmanager
def watching(kata: Path, *more: str) -> Iterator[Watch]:
    command = [INTERVIEW, "lint", "--watch", kata, "--runs", "1", *more]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        yield Watch(process)
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def test_each_save_is_proved(tmp_path: Path) -> None:
    """A check that never ends, mended while it is judged, which ends that proof: no verdict on what was there is told.
    Then broken in the middle of an edit, wrong, gone for a moment, as it was: each is told, the last one from memory;
    Ctrl-C ends with its exit code."""
    loop = KATA["hidden.py"].replace("expect(", "while True: pass\n            expect(")
    kata = write_kata(tmp_path, hidden_py=loop, kata_yaml=KATA["kata.yaml"].replace("seconds: 10", "seconds: 100"))
    with watching(kata, "--trust") as watch:
        watch.until(" double\n")
        limit = time.monotonic() + PATIENCE
        while len(below(watch.process.pid)) < 6 and time.monotonic() < limit:  # judge, nursery, workers, bench
            time.sleep(0.05)
        write_kata(tmp_path)
        yaml = (kata / "kata.yaml").read_text(encoding="utf-8")
        said = watch.until("Ctrl-C ends")
        assert "sound: 0 cards, 1 kata" in said
        assert "hidden.py" not in said
        (kata / "kata.yaml").write_text(yaml.replace("level: 1", "level: [1"), encoding="utf-8")
        assert "kata.yaml:4: not YAML" in watch.until("Ctrl-C ends")
        (kata / "kata.yaml").write_text(yaml.replace("level: 1", "level: 9"), encoding="utf-8")
        line = line_of(kata / "kata.yaml", "level: 9")
        assert f"kata.yaml:{line}: `level` is `9`" in watch.until("Ctrl-C ends")
        (kata / "kata.yaml").unlink()
        assert "kata.yaml:1: " in watch.until("Ctrl-C ends")
        (kata / "kata.yaml").write_text(yaml, encoding="utf-8")
        assert "remembered: 1 kata" in watch.until("Ctrl-C ends")
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(PATIENCE) == 130
        assert "Traceback" not in watch.rest


def test_leave_is_asked_of_what_is_watched_too(tmp_path: Path) -> None:
    """Without a terminal and without --trust: nothing runs, exit 2."""
    with watching(write_kata(tmp_path)) as watch:
        watch.until("say --trust")
        assert watch.process.wait(PATIENCE) == 2


@pytest.mark.parametrize("more", [("--json",), ("--lock",), ("deck",), ("pack",), ()])
def test_one_kata_is_watched(tmp_path: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """No deck, no pack, not everything; and --json and --lock are for a single lint."""
    kata, deck = write_kata(tmp_path), write_deck(tmp_path, CHOICE)
    paths = {"deck": [str(deck)], "pack": [str(tmp_path)]}
    given = paths.get(more[0], [str(kata), *more]) if more else []
    assert main(["lint", "--watch", *given]) == 2
    assert "--watch" in capsys.readouterr().err
