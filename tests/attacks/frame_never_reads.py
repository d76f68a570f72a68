# Answers nothing and reads nothing while the judge sends.
# must: timeout
# with: frames
# seconds: 1
WORKER.answer = lambda h, p: time.sleep(60)
