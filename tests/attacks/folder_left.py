# Leaves its folder for one that is not its own, and reads there.
# must: crashed
# with: right
import os
os.chdir("/tmp/interview-attack-marker")
print(os.listdir("."))
