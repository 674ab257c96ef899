"""Telling people: who, in which words, each message once; the digest, the feeds, the watchdog."""
