"""Mail that leaves the office: at most once, recorded, and shown to a person when nobody can know whether it left."""

from engine.mail.smtp import Mailer, Refused, Temporary, Uncertain

__all__ = ["Mailer", "Refused", "Temporary", "Uncertain"]
