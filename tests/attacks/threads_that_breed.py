# Threads that start threads, whatever they are told.
# must: crashed|failed|timeout
# seconds: 4
import threading
threading.stack_size(32768)
def breed():
    while True:
        try:
            threading.Thread(target=breed, daemon=True).start()
        except RuntimeError:
            pass
for _ in range(8):
    breed_one = threading.Thread(target=breed, daemon=True)
    breed_one.start()
breed()
