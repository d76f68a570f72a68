# Forks, at most twenty times.
# must: crashed
# with: right
import os
for _ in range(20):
    if os.fork() == 0:
        import time
        time.sleep(5)
        os._exit(0)
