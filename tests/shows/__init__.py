"""Shows of what arrives: each a program that plays cases on a real server and prints who was told.

    python -m tests.shows.mailboxes    every message of a rehearsal, in the mailboxes it reached
    python -m tests.shows.holiday      a duty ignored over the National Day
    python -m tests.shows.failover     the mail server is away: other channels, people upward
    python -m tests.shows.storm        a morning of many cases, workers killed, mail refused
    python -m tests.shows.pictures     what mail program and Web UI show of them, as pictures

Each is run as a test too.
"""
