"""What exists only in the demo: its sign-ins and the mail that it sent."""

from web.demo.mailbox import demo

__all__ = ["demo"]
