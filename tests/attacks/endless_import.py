# Never finishes loading.
# must: timeout
# seconds: 1
while True:
    pass
