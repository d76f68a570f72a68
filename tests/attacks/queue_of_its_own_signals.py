# Blocks a signal and sends it to itself a million times.
# must: failed|crashed|timeout
# with: wrong
# seconds: 3
import os
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGRTMIN])
for _ in range(1_000_000):
    try:
        os.kill(os.getpid(), signal.SIGRTMIN)
    except OSError:
        break
