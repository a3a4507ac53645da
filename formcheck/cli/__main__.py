"""`python -m formcheck.cli.main`."""

from formcheck.cli.main import main

if __name__ == "__main__":
    main()
