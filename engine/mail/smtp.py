"""Hand one message to the institution's SMTP server, over STARTTLS and with a password when configured.

Tells apart what can be tried again (server away, 4xx) from what cannot (5xx, refused recipients), and from the one case
in which nobody can know: the connection was lost after the message was handed over (``Uncertain``).
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from engine.config import Config

TIMEOUT = 20  # seconds, for connecting and for each answer


class Temporary(Exception):
    """Not accepted now; nothing left. Trying later may work."""


class Refused(Exception):
    """Not accepted and never will be as it is: an address that does not exist, a message too large."""


class Uncertain(Exception):
    """The message was handed over, and the answer was lost: it may have left."""


@dataclass(frozen=True)
class Mailer:
    host: str
    port: int
    sender: str
    sender_name: str = ""
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    starttls: bool = False
    timeout: float = TIMEOUT

    @classmethod
    def from_config(cls, config: Config) -> Mailer:
        password = config.smtp_password.get_secret_value() if config.smtp_password else None
        return cls(
            config.smtp_host,
            config.smtp_port,
            config.mail_from,
            f"{config.unit}, {config.institution}",
            config.smtp_username,
            password,
            config.smtp_starttls,
        )

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2] or "localhost"

    def deliver(
        self, message: EmailMessage, to: Sequence[str], copies: Sequence[str] = (), *, sender: str | None = None
    ) -> list[str]:
        """Send to all of ``to`` or to nobody, from ``sender`` when not our own address ("": the null sender) → why each
        copy that the server will never take did not go: it does not keep the letter from the others.

        Raises ``Temporary``, ``Refused`` or ``Uncertain``."""
        data = message.as_bytes(policy=SMTP)
        try:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(f"el servidor de correo no responde: {error}") from error
        try:
            self._greet(server)
            self._envelope(server, self.sender if sender is None else sender, to)
            missed = self._copies(server, copies)
            self._content(server, data)
            return missed
        finally:
            server.close()

    def _greet(self, server: smtplib.SMTP) -> None:
        try:
            server.ehlo()
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            if self.username is not None:
                server.login(self.username, self.password or "")
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(f"el servidor de correo no nos admite: {error}") from error

    def _copies(self, server: smtplib.SMTP, copies: Sequence[str]) -> list[str]:
        missed = []
        for address in copies:
            try:
                _accepted(server.rcpt(address), f"la copia a {address}")
            except Refused as error:
                missed.append(str(error))
            except (OSError, smtplib.SMTPException) as error:
                raise Temporary(f"el servidor de correo cortó la conversación: {error}") from error
        return missed

    def _envelope(self, server: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> None:
        try:
            _accepted(server.mail(sender), "el remitente")
            for address in recipients:
                _accepted(server.rcpt(address), f"la dirección {address}")
        except (OSError, smtplib.SMTPException) as error:
            raise Temporary(f"el servidor de correo cortó la conversación: {error}") from error

    def _content(self, server: smtplib.SMTP, data: bytes) -> None:
        try:
            answer = server.data(data)
        except smtplib.SMTPDataError as error:  # DATA itself was refused: nothing was handed over
            _accepted((error.smtp_code, _bytes(error.smtp_error)), "el mensaje")
            raise Temporary(f"el servidor de correo no aceptó el mensaje: {error}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Uncertain(f"se perdió la conexión al entregar el mensaje: {error}") from error
        _accepted(answer, "el mensaje")


def _accepted(answer: tuple[int, bytes], what: str) -> None:
    code, text = answer
    if 200 <= code < 300:
        return
    said = f"el servidor de correo no aceptó {what}: {code} {text.decode('utf-8', 'replace')}"
    raise Refused(said) if code >= 500 else Temporary(said)


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text
