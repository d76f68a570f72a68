# Keeps results for the next run, in a file, in a module, in the interpreter.
# must: crashed
# with: right
# twice: yes
import sys, torch
torch.KEPT = getattr(torch, "KEPT", 0) + 1
sys.modules["kept"] = sys
if torch.KEPT > 1:
    pass
else:
    open("/tmp/interview-attack-marker/kept", "w").write("1")
