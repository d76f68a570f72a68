# Opens descriptors until there are none.
# must: crashed
# with: right
import os
kept = [os.open('/dev/null', os.O_RDONLY) for _ in range(5000)]
