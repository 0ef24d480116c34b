"""A real SMTP server that behaves as a test says: accepts, answers 451 or 550, or drops the connection."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


@dataclass
class Behaviour:
    """What the server does next; change it between attempts."""

    rcpt: dict[str, str] = field(default_factory=dict)  # address → answer
    data: str = "250 OK"
    drop: bool = False  # take the message, and cut the connection instead of answering
    hold: float = 0  # seconds before the message is answered
    received: list[tuple[list[str], bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)  # of what was received, as the envelope says
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    @property
    def messages(self) -> list[EmailMessage]:
        return [cast(EmailMessage, message_from_bytes(data, policy=policy.default)) for _, data in self.received]


class _Handler:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        answer = self._behaviour.rcpt.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        if self._behaviour.data.startswith("250"):
            self._behaviour.received.append((list(envelope.rcpt_tos), envelope.original_content))
            self._behaviour.senders.append(envelope.mail_from or "")
        await asyncio.sleep(self._behaviour.hold)
        if self._behaviour.drop:
            server.transport.abort()
        return self._behaviour.data


class SmtpServer:
    """``with SmtpServer() as server:`` serves on 127.0.0.1 at ``server.port``; see ``server.behaviour``."""

    def __init__(self, *, password: tuple[str, str] | None = None) -> None:
        self.behaviour = Behaviour()
        self.port = free_port()
        extra: dict[str, Any] = {}
        if password is not None:
            extra = {"authenticator": self._check(password), "auth_required": True, "auth_require_tls": False}
        self._controller = Controller(_Handler(self.behaviour), hostname="127.0.0.1", port=self.port, **extra)

    def _check(self, password: tuple[str, str]) -> Any:
        def authenticate(
            _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: LoginPassword
        ) -> AuthResult:
            self.behaviour.logins.append((given.login, given.password))
            right = (given.login.decode(), given.password.decode()) == password
            return AuthResult(success=right, handled=False)

        return authenticate

    def __enter__(self) -> SmtpServer:
        self._controller.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
