"""Linking: the import of torch, begun on two processors.

A quarter of it is the dynamic linker's work on one library, in which no line of Python runs. A thread does it while the
interpreter imports what torch and the zygote need besides. Whatever is not there is left to `import torch`.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# The linker has one lock: whoever loads an extension module later would wait for the thread. So these come first.
EXTENSIONS = """
_asyncio _bisect _blake2 _contextvars _csv _datetime _decimal _hashlib _heapq _multiprocessing _pickle
_posixshmem _posixsubprocess _queue _random _sha512 _ssl _uuid cmath fcntl grp mmap unicodedata
"""
BESIDES = """
pytest asyncio concurrent.futures.thread multiprocessing.connection pickletools tarfile unittest.mock urllib.request
torchgen.model interview.grading.sandbox.lockdown interview.grading.agreed
"""


def link_ahead() -> None:
    """To be called before `import torch`. There is no thread afterwards: the zygote forks."""
    torch = find_spec("torch")
    if torch is None or torch.origin is None:
        return
    load(EXTENSIONS)
    thread = threading.Thread(target=link, args=(Path(torch.origin).parent / "lib",))
    try:
        thread.start()
    except RuntimeError:  # there are too many: it takes a little longer
        return
    load(BESIDES)
    thread.join()


def link(library: Path) -> None:
    """In torch's own order. The linker itself is called: a `CDLL` would hold the interpreter all the while."""
    with suppress(OSError):
        ctypes.CDLL(str(library / "libtorch_global_deps.so"), mode=ctypes.RTLD_GLOBAL)
        linker = ctypes.CDLL(None).dlopen
        linker.restype = ctypes.c_void_p
        for name in ("libtorch_cpu.so", "libtorch_python.so"):
            linker(os.fsencode(library / name), os.RTLD_NOW)


def load(names: str) -> None:
    for name in names.split():
        with suppress(ImportError):
            import_module(name)
