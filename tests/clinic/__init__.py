"""Stories of a clinic in a real browser: `make stories`. Not collected by `make test`, which needs no browser."""
