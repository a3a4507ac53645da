"""The body in one picture and over time: pose, back, measures, the own start, filters, and the kit for exercises."""
