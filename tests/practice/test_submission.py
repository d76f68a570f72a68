"""How a file becomes a submission: whatever it is, at once, and nothing but UTF-8 text of a regular file."""

from __future__ import annotations

import codecs
import encodings.aliases
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from folders import folder_of_nobody
from judging import submission

from interview.errors import UsageError
from interview.practice.kata.submission import (
    SOURCE_LIMIT,
    Submission,
    UnreadError,
    decode,
    read_submission,
    read_within,
)

ANSWER = submission("where").read_bytes()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder of submissions with a secret beside it."""
    (tmp_path / "secret.py").write_text("TOKEN_1234\n")
    folder = tmp_path / "homework"
    folder.mkdir()
    (folder / "good.py").write_bytes(ANSWER)
    return folder


def why(found: Submission) -> str:
    assert found.source == ""
    assert found.trouble is not None
    assert found.trouble.en != found.trouble.zh
    return found.trouble.en


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's address is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path.name)
    os.chdir(here)


def make_device(path: Path) -> None:
    try:
        os.mknod(path, 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no device can be made here")


def make_folder(path: Path) -> None:
    path.mkdir()


def make_sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


SPECIAL = [
    pytest.param(make_pipe, "a named pipe", id="pipe"),
    pytest.param(make_socket, "a socket", id="socket"),
    pytest.param(make_device, "a device", id="device"),
    pytest.param(make_folder, "a folder", id="folder"),
    pytest.param(make_sparse, "larger than 1 MiB", id="sparse"),
]


@pytest.mark.parametrize(("make", "said"), SPECIAL)
def test_what_is_no_regular_file_is_not_opened(place: Path, make: Callable[[Path], None], said: str) -> None:
    """A pipe without a writer, an endless device and the like have a sentence at once, by name and over a link."""
    make(place / "x.py")
    (place / "link.py").symlink_to("x.py")
    assert said in why(read_within(place, place / "x.py"))
    assert said in why(read_within(place, place / "link.py"))


@pytest.mark.parametrize(("make", "said"), SPECIAL[:-1])
def test_the_own_file_is_a_file(place: Path, make: Callable[[Path], None], said: str) -> None:
    """The person's own file may be a link of theirs, but not one to something else than a file."""
    make(place / "x.py")
    (place / "link.py").symlink_to("x.py")
    for name in ("x.py", "link.py"):
        with pytest.raises(UsageError, match=f"is no file: it is {said}.*--file"):
            read_submission(place / name)
    (place / "mine.py").symlink_to("good.py")
    assert read_submission(place / "mine.py").source == ANSWER.decode()


OUT = {
    "absolute": lambda place: place.parent / "secret.py",
    "relative": lambda place: Path("../secret.py"),
    "roundabout": lambda place: Path("inner/../../secret.py"),
    "over a folder": lambda place: Path("way/secret.py"),
    "over another link": lambda place: Path("hop.py"),
    "to a device": lambda place: Path("/dev/zero"),
    "to nothing outside": lambda place: place.parent / "nothing.py",
}


@pytest.mark.parametrize("way", OUT)
def test_no_link_leads_out(place: Path, way: str) -> None:
    """However a link leaves the folder, what it leads to is not read, and its text is nowhere."""
    (place / "inner").mkdir()
    (place / "way").symlink_to(place.parent)
    (place / "hop.py").symlink_to("../secret.py")
    (place / "x.py").symlink_to(OUT[way](place))
    assert "link out of the folder" in why(read_within(place, place / "x.py"))


def test_a_folder_that_is_a_link_is_a_way_out(place: Path) -> None:
    """The path itself may go over a link."""
    (place / "way").symlink_to(place.parent)
    assert "link out of the folder" in why(read_within(place, place / "way" / "secret.py"))


def test_links_within(place: Path) -> None:
    """A link that stays is followed, relative or not, also over a folder; and so is the folder itself as a link."""
    (place / "inner").mkdir()
    (place / "over").symlink_to("inner")
    (place / "inner" / "a.py").symlink_to("../good.py")
    (place / "b.py").symlink_to(place / "over" / "a.py")
    other = place.parent / "another"
    other.symlink_to(place)
    for path in (place / "inner" / "a.py", place / "b.py", place / "over" / "a.py"):
        assert read_within(place, path).source == ANSWER.decode()
    assert read_within(other, other / "b.py").source == ANSWER.decode()


def test_links_to_nowhere(place: Path) -> None:
    """A dangling link and a loop are the file's own fault."""
    (place / "gone.py").symlink_to("nothing.py")
    (place / "loop.py").symlink_to("loop.py")
    (place / "a.py").symlink_to("b.py")
    (place / "b.py").symlink_to("a.py")
    for name in ("gone.py", "loop.py", "a.py"):
        assert "leads nowhere" in why(read_within(place, place / name))


def test_a_link_put_in_place_while_it_is_read(place: Path) -> None:
    """A file and a folder on its way that are exchanged for links all the time: never is anything else read."""
    (place / "inner").mkdir()
    for folder in (place / "inner", place):
        (folder / "x.py").write_bytes(ANSWER)
    (place.parent / "x.py").write_text("TOKEN_1234\n")
    done = threading.Event()

    def exchange() -> None:
        while not done.is_set():
            (place / "tmp").symlink_to("../secret.py")
            (place / "tmp").replace(place / "x.py")
            (place / "tmp").write_bytes(ANSWER)
            (place / "tmp").replace(place / "x.py")
            (place / "inner").rename(place / "aside")
            (place / "inner").symlink_to("..")
            (place / "inner").unlink()
            (place / "aside").rename(place / "inner")

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        for path in [place / "x.py", place / "inner" / "x.py"] * 1500:
            with suppress(UnreadError):  # gone for the moment
                assert "TOKEN" not in read_within(place, path).source
    finally:
        done.set()
        thread.join()


def test_a_file_of_ours_under_another_name(place: Path) -> None:
    """A hard link looks like a file of its own; the number of its inode tells whose it is."""
    ours = place.parent / "reference.py"
    ours.write_bytes(ANSWER)
    os.link(ours, place / "x.py")
    status = ours.stat()
    assert "of the kata itself" in why(read_within(place, place / "x.py", ours={(status.st_dev, status.st_ino)}))
    assert read_within(place, place / "good.py", ours={(status.st_dev, status.st_ino)}).trouble is None


def test_what_cannot_be_read_is_nobodys_answer(place: Path) -> None:
    """A file that vanished, one without rights, a folder without rights, a path that is too long: not the file's fault
    for all we know."""
    with pytest.raises(UnreadError, match="No such file"):
        read_within(place, place / "vanished.py")
    with pytest.raises(UnreadError, match="too long"):
        read_within(place, place / ("n" * 300 + ".py"))
    with folder_of_nobody() as folder:
        (folder / "closed").mkdir()
        for name in ("x.py", "closed/y.py"):
            (folder / name).write_bytes(ANSWER)
        (folder / "x.py").chmod(0)
        (folder / "closed").chmod(0)
        for name in ("x.py", "closed", "closed/y.py"):
            with pytest.raises(UnreadError, match="Permission denied"):
                read_within(folder, folder / name)
        (folder / "closed").chmod(0o700)


def test_a_file_that_grows(place: Path) -> None:
    """One byte more than is allowed is read, and the rest is not."""
    path = place / "log.py"
    path.write_bytes(b"#" * SOURCE_LIMIT)
    assert read_within(place, path).trouble is None
    with path.open("ab") as file:
        file.write(b"#")
    assert "larger than 1 MiB" in why(read_within(place, path))


UTF_8 = ("utf-8", "UTF-8", "utf8", "utf_8", "UTF-8-sig", "u8", "utf-8-unix", "ascii", "us-ascii", "US-ASCII")
DECLARATIONS = ("# coding: {}\n", "# -*- coding: {} -*-\n", "#!/usr/bin/python\n# vim: set fileencoding={} :\n",
                "\n#coding={}\n", "\f# Encoding:{}\r\n", "# x\r# coding: {}\r", "\ufeff# coding: {}\n")  # fmt: skip


@pytest.mark.parametrize("line", DECLARATIONS)
@pytest.mark.parametrize("name", UTF_8)
def test_utf_8_by_any_name(line: str, name: str) -> None:
    """Declared or not, with a mark or without, ASCII included: one text."""
    found = decode(Path("x.py"), line.format(name).encode() + ANSWER)
    assert found.trouble is None
    assert found.source.endswith(ANSWER.decode())


@pytest.mark.parametrize("line", DECLARATIONS)
def test_no_codec_of_the_files_choosing(line: str) -> None:
    """Every codec that Python knows, and names it does not: a sentence with the name, and no codec is looked up."""
    known = {each.replace("_", "-") for each in (*encodings.aliases.aliases, *encodings.aliases.aliases.values())}
    names = known | {
        "undefined",
        "unicode_escape",
        "raw_unicode_escape",
        "idna",
        "punycode",
        "mbcs",
        "utf-7",
        "made-up",
    }
    names -= {each for each in names if same_as_utf_8(each)}
    asked: list[str] = []
    codecs.register(spy := asked.append)
    try:
        for name in names:
            assert f"declared as {name[:40]}," in why(decode(Path("x.py"), line.format(name).encode() + ANSWER)), name
    finally:
        codecs.unregister(spy)
    assert not asked
    assert len(names) > 100


def same_as_utf_8(name: str) -> bool:
    try:
        return codecs.lookup(name).name in ("utf-8", "utf-8-sig", "ascii")
    except LookupError:
        return False


def test_a_declaration_stands_in_the_first_two_lines() -> None:
    """Below a line of code, or further down, it is a comment like any other."""
    for head in ("x = 1\n# coding: undefined\n", "#\n#\n# coding: undefined\n", "x = '# coding'\n"):
        assert decode(Path("x.py"), head.encode() + ANSWER).trouble is None


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32", "utf-32-be"])
def test_other_marks(codec: str) -> None:
    """What Windows calls Unicode is named."""
    assert codec[:6].upper() in why(decode(Path("x.py"), ("\ufeff" + ANSWER.decode()).encode(codec)))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"x = 1\ny = '\xff'\n", "not UTF-8 text (line 2)"),
        (b"x = '\xed\xa0\x80'\n", "not UTF-8 text (line 1)"),  # a lone surrogate
        (b"x = 1\0\n", "null bytes"),
    ],
)
def test_no_text(data: bytes, said: str) -> None:
    """Bytes that are no text, and the line where."""
    assert said in why(decode(Path("x.py"), data))


def test_ends_of_lines() -> None:
    """As Python reads them."""
    assert decode(Path("x.py"), b"a\r\nb\rc\n").source == "a\nb\nc\n"
