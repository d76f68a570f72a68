# Forks twice, to be nobody's child.
# must: crashed
# with: right
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        time.sleep(20)
    os._exit(0)
