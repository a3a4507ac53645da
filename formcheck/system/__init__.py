"""This machine: shipped files, errors, display, files that the person asked for."""
