# Ignores and blocks every signal, then loops.
# must: timeout
# seconds: 1
import signal
for each in signal.valid_signals():
    try:
        signal.signal(each, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
while True:
    pass
