"""Pictures to events: one chain for live and recorded sets, and its observers."""
