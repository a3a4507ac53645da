"""What is done: a set, a program, the flow of a session, and the record. No clock, no window, no sound."""
