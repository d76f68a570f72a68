# Opens a private file to everybody.
# must: crashed
# with: right
import os
os.chmod("/tmp/interview-attack-marker/victim.txt", 0o666)
