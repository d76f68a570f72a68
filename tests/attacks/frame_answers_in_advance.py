# Sends a thousand answers before the first question.
# must: failed|crashed|timeout
# with: frames
for _ in range(1000):
    send(frame({"value": ["dropout"], "forbidden": []}))
