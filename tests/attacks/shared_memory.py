# Shared memory by Python's own module.
# must: crashed
# with: right
from multiprocessing import shared_memory
shared_memory.SharedMemory(name="interview-attack-marker", create=True, size=4096)
