# A file in shared memory.
# must: crashed
# with: right
open("/dev/shm/interview-attack-marker", "x")
