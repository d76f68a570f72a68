# A pool of processes.
# must: crashed
# with: right
import multiprocessing
multiprocessing.get_context("fork").Process(target=print).start()
