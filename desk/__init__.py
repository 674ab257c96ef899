"""The desk: what the bureau's commands do, one file a command. Click speaks Chinese in them."""

from desk import chinese as chinese
