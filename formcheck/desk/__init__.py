"""The supervisor's desk: a web page that shows a kinesiologist what the coach sees, and how a station reaches it."""
