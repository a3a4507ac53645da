"""The exercises that ship with FormCheck, one a file, found through entry points."""
