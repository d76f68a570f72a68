# Never finishes a call.
# must: timeout
# seconds: 1
def dropout(*a, **k):
    while True:
        pass
