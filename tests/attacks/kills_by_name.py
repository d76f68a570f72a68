# Looks through /proc for every process of our name and probes it.
# must: crashed
# with: right
import os
found = [int(each) for each in os.listdir("/proc") if each.isdigit()]
for pid in found:
    if b"interview" in open(f"/proc/{pid}/cmdline", "rb").read() and pid != os.getpid():
        os.kill(pid, 0)
