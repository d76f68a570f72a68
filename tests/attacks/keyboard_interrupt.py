# KeyboardInterrupt while loading.
# must: crashed
# with: right
raise KeyboardInterrupt
