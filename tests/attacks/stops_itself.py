# SIGSTOP: neither dead nor alive.
# must: timeout
# with: right
# seconds: 1
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
