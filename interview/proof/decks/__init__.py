"""Is a deck sound?"""
