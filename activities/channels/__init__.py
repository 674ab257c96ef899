"""The channels by which people are told: one interface, one file a way of telling."""
