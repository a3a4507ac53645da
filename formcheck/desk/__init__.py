"""The supervisor's desk: a web page that shows what the coach sees, and the link from a station to it."""
