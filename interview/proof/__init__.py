"""Is the content sound? Is the machine?"""
