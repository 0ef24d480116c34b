"""A real IMAP server, Dovecot, of one's own on loopback: no root, no system service, its mail in a temporary folder.

``with Dovecot() as server:`` takes any user with the password ``PASSWORD``. Each test uses an address of its own.
"""

from __future__ import annotations

import ctypes
import imaplib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from engine.config import MailAccount
from tests.support.smtp import free_port

PASSWORD = "clave-de-prueba"
PROGRAM = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "dovecot"
_LIBC, _PR_SET_PDEATHSIG = ctypes.CDLL(None), 1
PLAIN = "IMAP4rev1 LITERAL+ UIDPLUS"  # a server that neither tells (IDLE) nor moves

COMMON = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
auth_mechanisms = plain
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
auth_failure_delay = 0
{capability}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""
OF_2_3 = """
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u
}}
"""
OF_2_4 = """
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {folder}/mail/%{{user}}
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {folder}/home/%{{user}}
  }}
}}
"""


class Dovecot:
    def __init__(self, *, capability: str | None = None, port: int = 0) -> None:
        self.port = port or free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="cartulario-imap-", dir="/tmp"))
        self._capability = f"imap_capability = {capability}" if capability else ""
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Dovecot:
        self.folder.chmod(0o755)
        for name in ("run", "mail", "home"):
            (self.folder / name).mkdir()
        (self.folder / "dovecot.conf").write_text(self._configuration())
        if self._user:
            subprocess.run(["chown", "-R", f"{self._user}:{self._group}", self.folder], check=True)
        self.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self) -> None:
        """Also after ``stop``: on the same port, with the same mail."""
        other = {"user": self._user, "group": self._group, "extra_groups": []} if self._user else {}
        command = [PROGRAM, "-F", "-c", str(self.folder / "dovecot.conf")]
        self._process = subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_us, **other)  # type: ignore[call-overload]
        until = time.monotonic() + 10
        while True:
            try:
                imaplib.IMAP4("127.0.0.1", self.port, timeout=5).shutdown()
                return
            except (OSError, imaplib.IMAP4.error):
                assert self._process.poll() is None, self.log()
                assert time.monotonic() < until, self.log()
                time.sleep(0.02)

    def stop(self) -> None:
        """At once, and with every connection: what it serves outlives its master otherwise."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    password = PASSWORD

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text() if file.exists() else "no log"

    def account(self, address: str, **more: object) -> MailAccount:
        given = {
            "address": address,
            "imap_host": "127.0.0.1",
            "imap_port": self.port,
            "imap_tls": "off",
            "imap_password": PASSWORD,
        }
        return MailAccount.model_validate(given | more)

    def deliver(self, address: str, raw: bytes, at: datetime | None = None, folder: str = "INBOX") -> None:
        with self.open(address) as client:
            kind, answer = client.append(folder, "", imaplib.Time2Internaldate(at) if at else "", raw)  # type: ignore[arg-type]
            assert kind == "OK", answer

    def folder_of(self, address: str, folder: str = "INBOX") -> list[tuple[bytes, frozenset[bytes]]]:
        """Every letter in it, with its flags."""
        found = []
        with self.open(address) as client:
            kind, count = client.select(f'"{folder}"', readonly=True)
            if kind != "OK" or count == [b"0"]:
                return []
            for line in client.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]:
                if isinstance(line, tuple):
                    found.append((line[1], frozenset(imaplib.ParseFlags(line[0]))))
        return found

    def forget_uids(self, address: str) -> None:
        """As when a mailbox is restored: the server counts its letters anew, under another UIDVALIDITY."""
        for file in (self.folder / "mail" / address).glob("dovecot*"):
            if file.is_file():
                file.unlink()

    @contextmanager
    def open(self, address: str) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            client.login(address, PASSWORD)
            yield client
        finally:
            client.shutdown()

    @property
    def _user(self) -> str | None:
        """Dovecot serves nobody's mail as root."""
        return "nobody" if os.geteuid() == 0 else None

    @property
    def _group(self) -> str:
        return "nogroup" if os.geteuid() == 0 else _name("-gn")

    def _configuration(self) -> str:
        version = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout.split()[0]
        new = tuple(int(n) for n in version.split(".")[:2]) >= (2, 4)
        head = f"dovecot_config_version = {version}\ndovecot_storage_version = {version}\n" if new else ""
        return head + (COMMON + (OF_2_4 if new else OF_2_3)).format(
            folder=self.folder,
            port=self.port,
            user=self._user or _name("-un"),
            group=self._group,
            password=PASSWORD,
            capability=self._capability,
        )


def _die_with_us() -> None:
    """A run of tests that is killed leaves no server behind."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _name(option: str) -> str:
    return subprocess.run(["id", option], check=True, capture_output=True, text=True).stdout.strip()
