"""Signing in and out, and one's own account: sessions, API tokens, how the pages look."""
