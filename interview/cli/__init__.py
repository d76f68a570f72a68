"""The commands. What they import stays to the end: searching it for rubbish would be a fifteenth of the first card."""

import gc

gc.set_threshold(50_000, 20, 100)
