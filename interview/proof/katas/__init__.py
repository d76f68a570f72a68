"""Is a kata sound?"""
