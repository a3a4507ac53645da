"""The two consoles: results go to standard output, everything else to standard error."""

from rich.console import Console

out, err = Console(), Console(stderr=True)
