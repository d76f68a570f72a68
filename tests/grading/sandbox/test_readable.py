"""What a worker may read holds no content of ours, wherever a copy of it lies; and an honest file finds what it needs.

The long tests open every file of the machine from a process that has given up its rights, as root and as an ordinary
user: from where the tests run (a checkout or a wheel), from a wheel, and beside other installs.
"""

from __future__ import annotations

import json
import os
import py_compile
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from users import PARENT, USERS, as_user

from interview.cli.world import shipped
from interview.grading.sandbox import readable
from interview.grading.sandbox.our_content import Ours

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")

ROOT = shipped()  # beside the package in a checkout, inside it in the wheel
CHECKOUT = Path(__file__).resolve().parents[3]
REFERENCE = ROOT / "katas/dropout/submissions/accepted/reference.py"
HIDDEN = ROOT / "katas/dropout/hidden.py"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of somebody else's, with a module, a compiled copy of it and a data file."""
    folder = tmp_path / "site-packages" / "theirs"
    (folder / "deep").mkdir(parents=True)
    for name in ("__init__.py", "deep/__init__.py", "deep/module.py"):
        (folder / name).write_text(f"# {name}\n")
    py_compile.compile(str(folder / "deep/module.py"))
    (folder / "deep/table.npz").write_bytes(b"")
    with zipfile.ZipFile(folder / "deep/table.npz", "w") as archive:
        archive.writestr("a.npy", b"numbers")
    return folder


def found(package: Path) -> set[str]:
    """What is recognised as ours, relative to the package; a folder for compiled files comes with each module."""
    within = Ours((ROOT,)).within(package.parent, {package.name})
    return {str(each.relative_to(package)) for each in within if each.name != "__pycache__"}


def test_others_are_not_taken_for_ours(package: Path) -> None:
    """A package without anything of ours stays open as a whole."""
    assert found(package) == set()


def put_copy(package: Path) -> None:
    shutil.copy(REFERENCE, package / "deep/renamed.py")


def put_link(package: Path) -> None:
    shutil.copy(HIDDEN, package.parent.parent / "elsewhere.py")
    os.link(package.parent.parent / "elsewhere.py", package / "deep/renamed.py")


def put_wrong_answer(package: Path) -> None:
    shutil.copy(next((ROOT / "katas/adamw/submissions/wrong_answer").glob("*.py")), package / "deep/renamed.py")


def put_compiled(package: Path) -> None:
    py_compile.compile(str(HIDDEN), cfile=str(package / "deep/renamed.pyc"))


def put_compiled_in_cache(package: Path) -> None:
    py_compile.compile(str(REFERENCE), cfile=str(package / "deep/__pycache__/renamed.cpython-311.pyc"))


def put_compiled_by_hash(package: Path) -> None:
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(REFERENCE), cfile=str(package / "deep/renamed.pyc"), invalidation_mode=mode)


def put_zip(package: Path) -> None:
    with zipfile.ZipFile(package / "deep/data.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(REFERENCE, "renamed.py")


def put_wheel(package: Path) -> None:
    with zipfile.ZipFile(package / "deep/old-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("interview/_content/katas/dropout/kata.yaml", b"another version's")


def put_tar(package: Path) -> None:
    with tarfile.open(package / "deep/all.tar.gz", "w:gz") as archive:
        archive.add(REFERENCE)


def put_another_version(package: Path) -> None:
    shutil.copytree(ROOT / "katas/dropout", package / "deep/any", ignore=shutil.ignore_patterns("__pycache__"))
    for each in (package / "deep/any").rglob("*.py"):
        each.write_text(each.read_text() + "\n# another version\n")


PLACES = {
    put_copy: "deep/renamed.py", put_link: "deep/renamed.py", put_wrong_answer: "deep/renamed.py",
    put_compiled: "deep/renamed.pyc", put_compiled_in_cache: "deep/__pycache__/renamed.cpython-311.pyc",
    put_compiled_by_hash: "deep/renamed.pyc", put_zip: "deep/data.zip",
    put_wheel: "deep/old-1.0-py3-none-any.whl", put_tar: "deep/all.tar.gz", put_another_version: "deep/any",
}  # fmt: skip


@pytest.mark.parametrize("put", PLACES, ids=lambda each: each.__name__)
def test_ours_is_known_by_what_it_is(put: Any, package: Path) -> None:
    """Whatever a copy is called, and whether it is linked, compiled, packed or of another version."""
    put(package)
    assert found(package) == {PLACES[put]}


def test_roots_that_lead_nowhere_or_in_a_circle_stop_no_judge(tmp_path: Path) -> None:
    """A pack is anybody's: whatever lies in the place of its folders and files, the worker's ground is laid."""
    (tmp_path / "circle").symlink_to("circle")
    kata = tmp_path / "pack" / "katas" / "x"
    (kata / "submissions").mkdir(parents=True)
    (kata / "kata.yaml").touch()
    for name in ("hidden.py", "submissions/a.py", "submissions/b"):
        (kata / name).symlink_to(kata / name)
    (kata / "submissions" / "gone.py").symlink_to("nowhere")
    roots = (tmp_path / "circle", tmp_path / "circle" / "deep", tmp_path / "pack", tmp_path / ("n" * 300))
    assert readable.readable(roots).paths


def test_what_cannot_be_looked_into_stays_closed(tmp_path: Path) -> None:
    """A broken archive is no proof of innocence."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs/broken.zip").write_bytes(b"PK\x03\x04 and no more")
    assert found(tmp_path / "theirs") == {"broken.zip"}


def test_only_what_a_distribution_claims_is_opened(tmp_path: Path) -> None:
    """Files come from metadata: a list of files, or of modules, or a name. What somebody dropped there stays closed."""
    for name in ("a", "b", "c_d", "dropped", "__pycache__"):
        (tmp_path / name).mkdir()
    for name in ("a_module.py", "b.so", "dropped.py", "quoted, name.py"):
        (tmp_path / name).touch()
    (tmp_path / "linked").symlink_to(ROOT)
    texts = {
        "a-1.dist-info/RECORD": 'a/__init__.py,sha256=x,1\na_module.py,,\n"linked/x.py",,\n../../bin/dropped,,\n',
        "b-1.egg-info/top_level.txt": "b\n",
        "c_d-1.dist-info/METADATA": "Name: c-d\n",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    infos = {name.partition("/")[0] for name in texts}
    assert readable.claimed(tmp_path) == {"a", "a_module.py", "b", "b.so", "c_d", *infos}


def test_the_standard_library_without_what_was_put_beside_it(tmp_path: Path) -> None:
    """Names that the interpreter knows; neither `site-packages` nor a module of somebody's."""
    for name in ("json", "site-packages", "interview", "test", "lib-dynload"):
        (tmp_path / name).mkdir()
    (tmp_path / "wave.py").touch()
    (tmp_path / "reference.py").touch()
    assert readable.modules(tmp_path) == {"json", "lib-dynload", "wave.py"}


def test_a_project_on_the_path_stays_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `.pth` may put somebody's project on the path: neither its files nor its names are opened to a worker."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "module.py").touch()
    monkeypatch.syspath_prepend(str(project))
    allowed = readable.readable(())
    assert not any(each.is_relative_to(project.resolve()) for each in (*allowed.paths, *allowed.folders))


def test_what_is_barred_is_closed_inside_an_open_folder(tmp_path: Path) -> None:
    """Its neighbours are opened one by one; it is not, nor is a link, which may lead to it."""
    for name in ("torch", "theirs/katas", "numpy"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "theirs")
    assert set(readable.Closed((tmp_path / "theirs",)).spare(tmp_path)) == {tmp_path / "torch", tmp_path / "numpy"}


def test_neither_the_package_nor_the_home_is_readable() -> None:
    """Of the folders opened on this machine, none is or holds our package, the katas, or the person's home."""
    allowed = readable.readable((ROOT,))
    for closed in (PARENT / "interview", ROOT / "katas", Path.home(), CHECKOUT / ".git"):
        assert not any(closed.is_relative_to(each) for each in allowed.paths), closed


# The long way: every file of the machine

PACKED = (b".pyc", b".zip", b".whl", b".egg", b".pyz", b".npz")

# Runs in an interpreter of the install in question. Locked down, it opens whatever it can of the files listed on
# standard input, and tells which of them give an answer away.
OPENER = """
import ctypes, hashlib, io, json, marshal, os, socket, stat, sys, types, zipfile, importlib.util, importlib.metadata
sys.path.append(sys.argv[1])
from pathlib import Path
from interview.grading.sandbox import ground
from interview.grading.sandbox import lockdown
from interview.grading.sandbox import namespaces
files = sys.stdin.buffer.read().split(b"\\0")
barred = tuple(map(Path, json.loads(sys.argv[2])))

def told(code):
    parts = [each for each in code.co_consts if isinstance(each, types.CodeType)]
    return (code.co_name, code.co_names, code.co_code, *map(told, parts))

secrets, compiled = {}, {}
for each in barred[0].glob("katas/*"):
    for path in (*each.glob("hidden.py"), *each.glob("submissions/*/*.py")):
        data = path.read_bytes()
        secrets[hashlib.sha256(data).digest()] = str(path)
        if len(data.split()) > 5:
            compiled[told(compile(data, "x", "exec"))] = str(path)

def gives_away(name, data):
    if hashlib.sha256(data).digest() in secrets:
        return True
    if name.endswith(b".pyc") and data[:4] == importlib.util.MAGIC_NUMBER:
        return told(marshal.loads(data[16:])) in compiled
    if data[:2] == b"PK" and zipfile.is_zipfile(io.BytesIO(data)):
        archive = zipfile.ZipFile(io.BytesIO(data))
        return any(gives_away(each.encode(), archive.read(each)) for each in archive.namelist())
    return False

laid = ground.lay(barred).ground()
namespaces.join(laid.namespaces)
ours, theirs = socket.socketpair()
output = os.memfd_create("output")
parent = os.getpid()
pid = os.fork()
if not pid:
    lockdown.apply(laid, output=output, keep=(theirs.fileno(),), parent=parent)
    answer = {"opened": 0, "away": [], "imports": []}
    try:
        for name in files:
            try:
                descriptor = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue
            answer["opened"] += 1
            with open(descriptor, "rb") as file:
                data = file.read() if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
            if gives_away(name, data):
                answer["away"].append(os.fsdecode(name))
        for name in json.loads(sys.argv[3]):
            try:
                __import__(name)
                answer["imports"].append(name)
            except BaseException as error:
                answer["imports"].append(f"{name}: {error!r}")
        answer["version"] = importlib.metadata.version("sympy")
    except BaseException as error:
        answer["error"] = repr(error)
    theirs.sendall(json.dumps(answer).encode())
    os._exit(0)
theirs.close()
text = b""
while chunk := ours.recv(1 << 16):
    text += chunk
_, status = os.waitpid(pid, 0)
print(text.decode() or json.dumps({"error": f"it ended with {status}"}))
"""
WANTED = [
    "sympy",
    "networkx",
    "jinja2",
    "wave",
    "sqlite3",
    "unittest.mock",
    "xml.etree.ElementTree",
]  # torch's, Python's


@pytest.fixture(scope="module")
def machine() -> list[bytes]:
    """Every file of the machine, but for the kernel's own, that is as large as one of ours, compiled or packed."""
    sizes = {each.stat().st_size for each in (ROOT / "katas").rglob("*.py")}
    paths, waiting = [], [b"/"]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                listed = list(entries)
        except OSError:
            continue
        for each in listed:
            if each.is_dir(follow_symlinks=False):
                waiting += [each.path] if each.path not in (b"/proc", b"/sys") else []
            elif each.name.endswith(PACKED) or size(each) in sizes:
                paths.append(each.path)
    return paths


def size(entry: os.DirEntry[bytes]) -> int:
    """Of the file, or of the one that a link names; links can lead in a circle, and files vanish."""
    try:
        return entry.stat().st_size
    except OSError:
        return 0


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that anybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="interview-readable-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def opened(
    python: Path | str, user: int | None, files: list[bytes], *, parent: Path, root: Path, wanted: list[str] = WANTED
) -> dict[str, Any]:
    words = [str(python), "-I", "-c", OPENER, str(parent), json.dumps([str(root)]), json.dumps(wanted)]
    done = subprocess.run(
        as_user(user, words), input=b"\0".join(files), capture_output=True, timeout=500, check=False,
        env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    answer: dict[str, Any] = json.loads(done.stdout)
    assert "error" not in answer, answer
    return answer


def environment(place: Path, *shared: Path) -> tuple[Path, Path]:
    """A new environment, that shares the heavy packages of this one: its interpreter and its `site-packages`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    (site,) = place.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text("\n".join(map(str, shared)) + "\n")
    return place / "bin" / "python", site


def install(wheel: Path, site: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the editable wheel of this checkout."""
    pytest.importorskip("hatchling")
    if not (CHECKOUT / "interview").is_dir():
        pytest.skip("not in a checkout")
    folder = tmp_path_factory.mktemp("wheels")
    build = "import sys; from hatchling import build; print(getattr(build, sys.argv[1])(sys.argv[2]))"
    names = {}
    for kind in ("wheel", "editable"):
        words = [sys.executable, "-c", build, f"build_{kind}", str(folder / kind)]
        (folder / kind).mkdir()
        done = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=True)
        names[kind] = folder / kind / done.stdout.split()[-1]
    return names


def test_an_editable_install_has_no_second_copy(wheels: dict[str, Path]) -> None:
    """It points at the checkout; the wheel brings every kata and deck."""
    with zipfile.ZipFile(wheels["editable"]) as archive:
        assert [each for each in archive.namelist() if "dist-info" not in each] == ["_interview_katas.pth"]
    with zipfile.ZipFile(wheels["wheel"]) as archive:
        names = set(archive.namelist())
    for folder in ("katas", "questions"):
        files = [each for each in (CHECKOUT / folder).rglob("*") if each.is_file() and "__pycache__" not in each.parts]
        assert files
        assert {f"interview/_content/{each.relative_to(CHECKOUT)}" for each in files} <= names


@pytest.mark.slow
@pytest.mark.parametrize("user", USERS)
def test_nothing_on_this_machine_gives_an_answer_away(user: int | None, machine: list[bytes], place: Path) -> None:
    """From where the tests run, whatever else lies on the machine."""
    answer = opened(sys.executable, user, machine, parent=PARENT, root=ROOT)
    assert answer["away"] == []
    assert answer["imports"] == WANTED
    assert answer["opened"] > 1000


def files_below(*folders: Path) -> list[bytes]:
    return [os.fsencode(each) for folder in folders for each in folder.rglob("*") if not each.is_dir()]


@pytest.fixture(scope="module")
def beside(place: Path, wheels: dict[str, Path]) -> tuple[Path, Path]:
    """The interpreter and `site-packages` of a wheel; beside it what an older editable install left, a second wheel in
    another environment that is on the path, a package that holds copies of every kind, and loose ones."""
    _, second = environment(place / "second")
    install(wheels["wheel"], second)
    python, site = environment(place / "wheel", second, Path(sysconfig.get_path("purelib")))
    install(wheels["wheel"], site)
    subprocess.run([sys.executable, "-m", "compileall", "-q", site / "interview/_content"], check=False)
    shutil.copytree(ROOT / "katas", site / "left/interview/_content/katas")
    for folder in (site, second):
        theirs = folder / "theirs"
        (theirs / "deep/__pycache__").mkdir(parents=True)
        (theirs / "__init__.py").write_text("honest = True\n")
        for put in PLACES:
            if put is not put_link:
                put(theirs)
        (theirs / "linked.py").symlink_to(REFERENCE)
        os.link(site / "interview/_content/katas/dropout/hidden.py", theirs / "hard.py")
        (folder / "theirs-1.dist-info").mkdir()
        (folder / "theirs-1.dist-info/RECORD").write_text("theirs/__init__.py,,\n")
        shutil.copy(REFERENCE, folder / "loose.py")
        shutil.copy(wheels["wheel"], folder / "loose.zip")
    return python, site


@pytest.mark.slow
@pytest.mark.parametrize("user", USERS)
def test_a_wheel_beside_other_installs_gives_no_answer_away(user: int | None, beside: tuple[Path, Path]) -> None:
    """And the honest module of the package that holds the copies can be imported."""
    python, site = beside
    files = files_below(site, site.parents[3], ROOT / "katas", CHECKOUT / ".git")
    answer = opened(python, user, files, parent=site, root=site / "interview/_content", wanted=[*WANTED, "theirs"])
    assert answer["away"] == []
    assert answer["imports"] == [*WANTED, "theirs"]


@pytest.fixture(scope="module")
def stale(place: Path, wheels: dict[str, Path]) -> Path:
    """A checkout that holds its environment, into which an earlier editable install copied the content."""
    here = place / "editable"
    _, site = environment(here / ".venv", Path(sysconfig.get_path("purelib")))
    for name in ("interview", "katas", "questions"):
        shutil.copytree(CHECKOUT / name, here / name, ignore=shutil.ignore_patterns("__pycache__"))
    with zipfile.ZipFile(wheels["wheel"]) as archive:
        content = [each for each in archive.namelist() if each.startswith("interview/_content/")]
        archive.extractall(site, content)
    subprocess.run([sys.executable, "-m", "compileall", "-q", site / "interview/_content/katas/dropout"], check=False)
    (site / "_interview_katas.pth").write_text(str(here))
    (site / "interview_katas-0.dist-info").mkdir()
    (site / "interview_katas-0.dist-info/RECORD").write_text("".join(f"{each},,\n" for each in content))
    return here


@pytest.mark.slow
@pytest.mark.parametrize("user", USERS)
def test_an_editable_install_beside_a_stale_one_gives_no_answer_away(user: int | None, stale: Path) -> None:
    """Metadata claims the stale copy, and it stays closed."""
    answer = opened(stale / ".venv/bin/python", user, files_below(stale), parent=stale, root=stale)
    assert answer["away"] == []
    assert answer["imports"] == WANTED
