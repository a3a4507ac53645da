"""The supervisor's desk: a web page on which a kinesiologist sees what the coach sees, and the link from a station to it."""
