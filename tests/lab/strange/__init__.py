"""The third split: people, rooms and ways of moving whose code the splits tune and test never use.

Drawn once, from a fixed seed, and looked at only at the end. Nothing outside this package imports it.
"""
