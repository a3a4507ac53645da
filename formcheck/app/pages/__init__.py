"""The pages of the window program. Each has a handler and a view, and no loop of its own."""
