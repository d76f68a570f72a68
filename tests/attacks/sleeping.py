# Sleeps without using the processor.
# must: timeout
# seconds: 1
import time
def dropout(*a, **k):
    time.sleep(1000)
