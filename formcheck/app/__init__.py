"""The window program: one loop, its pages."""
