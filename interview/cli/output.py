"""The output: standard output and standard error let nothing through that a terminal obeys.

Whatever `print`, `sys.stdout.write` or typer say goes through them. rich brings escapes of its own: a console writes to
the bare stream, and makes printable what it is given (`cli.console`).
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from interview.printable import printable

ESCAPES = "interview.escapes"


def escaped(error: UnicodeError) -> tuple[str, int]:
    """What an encoding lacks, as JSON writes it: readable in a sentence, and the same value in JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


codecs.register_error(ESCAPES, escaped)


class Outlet:
    """A standard stream. What the system says of it names it; `bare` writes what is printable already."""

    def __init__(self, stream: TextIO, name: str, *, bare: bool = False) -> None:
        self.stream, self.called, self.bare = stream, name, bare

    def write(self, text: str) -> int:
        try:
            self.stream.write(text if self.bare else printable(text))
        except OSError as error:
            raise self.told(error) from None
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        try:
            self.stream.flush()
        except OSError as error:
            raise self.told(error) from None

    def told(self, error: OSError) -> OSError:
        return OSError(error.errno, error.strerror, self.called)

    def silence(self) -> None:
        """Nothing more comes out, and nothing that waited: what cannot be written fails once, not again at the exit."""
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        if name == "buffer":  # the bytes below would be a way around
            raise AttributeError(name)
        return getattr(self.stream, name)


def bare(stream: Any) -> Any:
    """The stream for a console, which has made its text printable."""
    return Outlet(stream.stream, stream.called, bare=True) if isinstance(stream, Outlet) else stream


@contextmanager
def outlets() -> Iterator[tuple[Outlet, Outlet]]:
    """Standard output and standard error as outlets; afterwards as they were."""
    before = sys.stdout, sys.stderr
    found = outlet(sys.stdout, "standard output"), outlet(sys.stderr, "standard error")
    sys.stdout, sys.stderr = found
    try:
        yield found
    finally:
        sys.stdout, sys.stderr = before


def outlet(stream: Any, name: str) -> Outlet:
    if isinstance(stream, Outlet):
        return stream
    with suppress(AttributeError, ValueError):
        stream.reconfigure(errors=ESCAPES)
    return Outlet(stream, name)


def complain(sentence: str) -> None:
    with suppress(OSError):  # nobody can be told that nobody can be told
        print(f"interview: {sentence}", file=sys.stderr, flush=True)
