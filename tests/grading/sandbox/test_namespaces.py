"""The further layer: a tree of files that holds nothing else, and no other process; a verdict does not need it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from judging import dropout, grading, submission

from interview.grading.sandbox.namespaces import Tree
from interview.grading.verdict import Status

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")
INTERVIEW = [sys.executable, "-m", "interview"]


def test_a_worker_sees_no_other_tree_and_no_process() -> None:
    """What it may not read is not there, and its number is one of few."""
    source = f"""
import os
assert not os.path.exists({str(Path(__file__).resolve())!r})
assert not os.path.exists("/etc/passwd") and not os.path.exists("/proc/self")
assert os.getpid() < 100 and os.getppid() == 0
"""
    with grading() as grader:
        if "namespaces" not in grader.probe().held:
            pytest.skip("no namespaces here")
        verdict = grader.grade(dropout(), source + submission("reference").read_text(), file=Path("looks.py"))
    assert (verdict.status, str(verdict.reason)) == (Status.PASSED, "None")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare")
def test_without_namespaces_the_verdict_is_the_same() -> None:
    """Where the kernel grants none: no code 4, no missing layer in a verdict, and doctor says why."""
    none = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    outside = ["unshare", "-U", "-r", "sh", "-c", none, "sh"]
    if subprocess.run([*outside, "true"], check=False).returncode:
        pytest.skip("namespaces cannot be taken away here")
    words = ["kata", "dropout", "--check", "--json", "--file", str(submission("reference"))]
    done = subprocess.run([*outside, *INTERVIEW, *words], capture_output=True, text=True, check=False)
    verdict = json.loads(done.stdout)
    assert (done.returncode, verdict["status"], verdict["missing_layers"]) == (0, "passed", [])
    assert "namespaces" not in verdict["layers"]
    said = subprocess.run([*outside, *INTERVIEW, "doctor", "--json"], capture_output=True, text=True, check=False)
    report = json.loads(said.stdout)
    assert report["layers"]["namespaces"] == "missing"
    assert any("not to be had" in note for note in report["notes"])
    assert report["needs"] == []


def test_links_lead_where_they_led(tmp_path: Path) -> None:
    """A tree has the links on the way to a name, chains of them too, and ends with a circle."""
    real, root = tmp_path / "real", tmp_path / "root"
    (real / "lib").mkdir(parents=True)
    (real / "lib/file").touch()
    (real / "middle").symlink_to("lib")
    (real / "round").symlink_to("round")
    (tmp_path / "way").symlink_to(real / "middle")
    tree = Tree(str(root))
    tree.lead(tmp_path / "way/file")
    tree.lead(real / "round/file")
    assert (Path(f"{root}{tmp_path}") / "way").readlink() == real / "middle"
    assert (Path(f"{root}{real}") / "middle").readlink() == Path("lib")
