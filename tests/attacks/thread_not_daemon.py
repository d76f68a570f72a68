# A thread that does not let the interpreter end.
# must: failed
# with: wrong
import threading, time
threading.Thread(target=lambda: time.sleep(600)).start()
