"""The coach of one set: bodies in, events out."""
