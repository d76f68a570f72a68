# A process by every door that Python knows.
# must: crashed
# with: right
import multiprocessing
import os
import pty
import subprocess
routes = (
    os.fork, os.forkpty, pty.fork, lambda: os.posix_spawn("/bin/true", ["true"], {}), lambda: subprocess.run(["true"]),
    lambda: os.popen("true"), lambda: multiprocessing.get_context("spawn").Process(target=print).start(),
    lambda: multiprocessing.get_context("forkserver").Process(target=print).start(),
)
refused = 0
for each in routes:
    try:
        if each() == 0:
            os._exit(0)
    except (OSError, RuntimeError):
        refused += 1
if refused == len(routes):
    raise PermissionError("refused")
