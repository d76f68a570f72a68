# execveat of an open file.
# must: crashed
# with: right
import os, sys
os.execve(os.open(sys.executable, os.O_RDONLY), ["python", "-c", ""], {})
