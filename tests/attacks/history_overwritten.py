# Overwrites a history.
# must: crashed
# with: right
open("/tmp/interview-attack-marker/home/history.db", "r+b").write(b"gone")
