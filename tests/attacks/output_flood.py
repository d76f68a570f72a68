# Prints 200 MB.
# must: failed|timeout
# with: wrong
for _ in range(200):
    print('x' * 1_000_000)
