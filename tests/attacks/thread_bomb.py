# Three thousand threads, each with a small stack.
# must: crashed|failed
# with: right
# seconds: 5
import threading, time
threading.stack_size(32768)
for _ in range(3000):
    threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
