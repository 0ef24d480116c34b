"""Work on what strangers send in a process of its own, with hard limits of memory, time and files.

``ask(module, request)`` gives ``module.reply(request)``, run in a child that ends with it: a hostile file may make any
parser spin or swell, and then only that child ends. Starting Python and its libraries takes half a second of processor,
so one process that has loaded the module, and holds nothing else, waits and forks a child for each request. It is
started when first needed and ends when nobody asks for a while, or when we do. It has none of our environment, which
holds passwords and keys, and none of our open files. A fork costs what it must copy: the fronts of the rooms that the
module is in are not loaded, which bring database and mail.

``module.warm()``, if there is one, has the libraries do once what they do at their first file, so that no child has to;
``module.share(shared)`` is told what is ours and the same for many requests, such as whom we trust, when it changes.

``python -I -m engine.apart MODULE`` is that process; its standard input is the socket on which requests come, each as
an open socket of its own.
"""

from __future__ import annotations

import gc
import importlib
import math
import os
import resource
import select
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from engine.errors import Unavailable
from engine.heap import settle

ENVIRONMENT = {"LANG": "C.UTF-8"}
IDLE = 120.0  # seconds without a request, after which the waiting process ends
GRACE = 15.0  # seconds beyond the child's own, for a busy machine to load the module and to start it
STARTED, REQUEST, SHARED = b"s", b".", b"="
TIME, FAULT = "time", "fault"
_HEAD = struct.Struct("!dQQ")  # seconds, bytes of memory, bytes of the request
_LENGTH = struct.Struct("!Q")


class TooHard(Exception):
    """The child ended without an answer: when its ``TIME`` was over or, by a ``FAULT``, before."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Limits:
    seconds: float
    memory: int  # bytes


@dataclass
class _Waiting:
    process: subprocess.Popen[bytes]
    control: socket.socket
    shared: bytes = b""


_lock = threading.Lock()
_waiting: dict[tuple[int, str], _Waiting] = {}  # by our own process, which may be a fork of another, and module


def ask(module: str, request: bytes, limits: Limits, shared: bytes = b"") -> bytes:
    """Raises TooHard, or Unavailable when no process can be started."""
    for _attempt in range(2):  # the one that waits may just be ending
        with _handed_over(module, shared) as ours:
            ours.settimeout(limits.seconds + GRACE)
            try:
                _receive(ours, len(STARTED))
            except (OSError, EOFError):
                continue
            began = time.monotonic()
            try:
                ours.sendall(_HEAD.pack(limits.seconds, limits.memory, len(request)))
                ours.sendall(request)
                return _receive(ours, *_LENGTH.unpack(_receive(ours, _LENGTH.size)))
            except (OSError, EOFError) as error:
                raise TooHard(TIME if time.monotonic() - began >= limits.seconds else FAULT) from error
    raise Unavailable()


def waiting_pid(module: str) -> int | None:
    """Of the process that waits for requests, for who measures it."""
    known = _waiting.get((os.getpid(), module))
    return known.process.pid if known else None


def _handed_over(module: str, shared: bytes) -> socket.socket:
    """Our end of a socket whose other end a new child has, or will have."""
    ours, theirs = socket.socketpair()
    key = (os.getpid(), module)
    with theirs, _lock:
        for _attempt in range(2):
            known = _waiting.get(key)
            if known is None or known.process.poll() is not None:
                known = _waiting[key] = _start(module)
            try:
                if known.shared != shared:
                    known.control.sendall(SHARED + _LENGTH.pack(len(shared)) + shared)
                    known.shared = shared
                socket.send_fds(known.control, [REQUEST], [theirs.fileno()])
                return ours
            except OSError:
                _end(_waiting.pop(key))
    ours.close()
    raise Unavailable()


def _start(module: str) -> _Waiting:
    control, theirs = socket.socketpair()
    command = [sys.executable, "-I", "-m", "engine.apart", module]
    try:
        with theirs:
            process = subprocess.Popen(  # noqa: S603  # our own module, under our own interpreter
                command,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
                start_new_session=True,  # what interrupts us interrupts it through its socket, in order
            )
    except OSError as error:
        control.close()
        raise Unavailable() from error
    control.settimeout(GRACE)
    return _Waiting(process, control)


def _end(waiting: _Waiting) -> None:
    waiting.control.close()
    waiting.process.kill()
    waiting.process.wait()


def _receive(end: socket.socket, size: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < size:
        piece = end.recv(min(size - len(pieces), 1 << 20))
        if not piece:
            raise EOFError
        pieces += piece
    return bytes(pieces)


# --- the process that waits ------------------------------------------------------------------------------------------
def _main(module: str) -> None:
    loaded = _alone(module)
    reply: Callable[[bytes], bytes] = loaded.reply
    if hasattr(loaded, "warm"):
        loaded.warm()
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)  # a child has its own socket alone
    os.close(nothing)
    settle()
    while True:
        ready, _, _ = select.select([control], [], [], IDLE)
        _reap()
        if not ready:
            return
        message, handed, _flags, _address = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if message == SHARED:
            loaded.share(_receive(control, *_LENGTH.unpack(_receive(control, _LENGTH.size))))
            settle()
        for end in handed:
            if os.fork() == 0:
                control.close()
                _work(reply, socket.socket(fileno=end))
            os.close(end)


def _alone(module: str) -> ModuleType:
    """It and what it names itself: its rooms are there for it to be found in, without their fronts."""
    names = module.split(".")
    for depth in range(2, len(names)):
        room = ModuleType(".".join(names[:depth]))
        room.__path__ = [str(Path(__file__).parent.joinpath(*names[1:depth]))]
        sys.modules[room.__name__] = room
    return importlib.import_module(module)


def _work(reply: Callable[[bytes], bytes], end: socket.socket) -> None:
    """In the child. It ends here, whatever happens."""
    gc.disable()  # it ends soon, and has a limit of memory
    try:
        end.settimeout(GRACE)
        end.sendall(STARTED)
        seconds, memory, size = _HEAD.unpack(_receive(end, _HEAD.size))
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(seconds), math.ceil(seconds)))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.setitimer(signal.ITIMER_REAL, seconds)  # SIGALRM ends it
        answer = reply(_receive(end, size))
        end.sendall(_LENGTH.pack(len(answer)) + answer)
    except BaseException:
        os._exit(1)
    os._exit(0)


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    _main(*sys.argv[1:])
