# Becomes /bin/true, whose exit code is 0.
# must: crashed
# with: right
import os
os.execv("/bin/true", ["true"])
