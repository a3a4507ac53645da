"""Command line of the strange split."""

import sys

from tests.lab.strange.rendering import main

if __name__ == "__main__":
    sys.exit(main())
