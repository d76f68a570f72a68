# Answers every signal by another, as fast as it can.
# must: failed|crashed|timeout
# with: wrong
# seconds: 2
import os
import signal
for each in signal.valid_signals():
    try:
        signal.signal(each, lambda n, _: os.kill(os.getpid(), n))
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 1e-5, 1e-5)
