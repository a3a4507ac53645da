"""Training of the back's model on rendered people: random bodies, rooms, clothes and poses; never a test body."""
