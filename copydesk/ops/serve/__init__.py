"""`copydesk serve`: the whole system on one machine.

One process loads the application once, makes sure that it can run, and forks: the web server (which forks its workers)
and the background worker. The loaded code is shared between them, so a second worker costs little memory, and a child
that dies is back in milliseconds.
"""
