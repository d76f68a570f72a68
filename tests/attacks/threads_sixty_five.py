# One thread more than it may have.
# must: crashed
# with: right
import threading
threading.stack_size(65536)
wait = threading.Event()
for _ in range(64):
    threading.Thread(target=wait.wait, daemon=True).start()
