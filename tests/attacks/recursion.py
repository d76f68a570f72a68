# Recursion without a limit.
# must: crashed|failed|timeout
# with: right
# seconds: 2
import sys
sys.setrecursionlimit(10 ** 9)
def f():
    f()
f()
