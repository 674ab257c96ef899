"""Who owes what: the duties that follow from a case's state, a file for each part of the way."""
