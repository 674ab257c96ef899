"""Local receivers of messages, true to their protocols: a mail server, robots, gateways.

They listen on 127.0.0.1 only, check what the real ones check (signatures, sizes, keywords, how
often), keep what they take, and fail on demand.
"""

from pathlib import Path

CERTIFICATE = Path(__file__).with_name("certificate.pem")
"""Key and certificate for 127.0.0.1 and localhost, valid to the year 2100; for tests only."""
