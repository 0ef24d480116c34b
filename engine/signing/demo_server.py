"""The demonstration authority over HTTP on loopback: time-stamps (RFC 3161), OCSP (RFC 6960), lists, certificates."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from urllib.parse import unquote

from asn1crypto import keys, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.clock import Clock, SystemClock
from engine.signing.demo_certificates import LASTS, Holder, make_crl
from engine.signing.demo_pki import DemoPki

MAX_REQUEST = 64 * 1024
_DER = serialization.Encoding.DER


class DemoServer:
    """Serves in a thread of its own from ``start`` to ``stop``; also a context manager. Time-stamps
    bear the hour of ``clock``: the system's, unless a past is being played."""

    def __init__(self, pki: DemoPki, clock: Clock | None = None) -> None:
        self.pki = pki
        self.clock: Clock = clock or SystemClock()
        self._stamper = DummyTimeStamper(
            _asn1(pki.timestamper),
            keys.PrivateKeyInfo.load(
                pki.timestamper.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
            ),
            certs_to_embed=SimpleCertificateStore.from_certs([_asn1(pki.authority)]),
        )
        self._server: ThreadingHTTPServer | None = None

    def start(self) -> None:
        """Raises OSError when the port that the certificates name is taken by another programme."""
        server = ThreadingHTTPServer(("127.0.0.1", self.pki.port), _handler(self))
        server.daemon_threads = True
        self._server = server
        Thread(target=server.serve_forever, name="demo-pki", daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> DemoServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def timestamp(self, request: bytes) -> bytes:
        self._stamper.fixed_dt = self.clock.now()
        answer = asyncio.run(self._stamper.async_request_tsa_response(tsp.TimeStampReq.load(request)))
        return bytes(answer.dump())

    def status(self, request: bytes) -> bytes:
        """An OCSP answer for one certificate of the issuing authority."""
        asked = ocsp.load_der_ocsp_request(request)
        revoked_at = self.pki.revoked().get(asked.serial_number)
        now = datetime.now(UTC).replace(microsecond=0)
        builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD,
            this_update=now - timedelta(minutes=1),
            next_update=now + LASTS,
            revocation_time=revoked_at,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.pki.responder.certificate)
        builder = builder.certificates([self.pki.responder.certificate])
        for extension in asked.extensions:
            if isinstance(extension.value, x509.OCSPNonce):
                builder = builder.add_extension(extension.value, critical=False)
        return builder.sign(self.pki.responder.key, hashes.SHA256()).public_bytes(_DER)

    def file(self, path: str) -> tuple[bytes, str] | None:
        """What is fetched by name: certificates and fresh lists."""
        now = datetime.now(UTC)
        match path:
            case "/emisora.crl":
                return make_crl(self.pki.authority, self.pki.revoked(), now), "application/pkix-crl"
            case "/raiz.crl":
                return make_crl(self.pki.root, {}, now), "application/pkix-crl"
            case "/emisora.crt":
                return self.pki.authority.certificate.public_bytes(_DER), "application/pkix-cert"
            case "/raiz.crt":
                return self.pki.root.certificate.public_bytes(_DER), "application/pkix-cert"
        return None


def _asn1(holder: Holder) -> asn1.Certificate:
    return asn1.Certificate.load(holder.certificate.public_bytes(_DER))


def _handler(server: DemoServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/ocsp/"):
                request = base64.b64decode(unquote(self.path.removeprefix("/ocsp/")))
                self._answer(server.status(request), "application/ocsp-response")
            elif (found := server.file(self.path)) is not None:
                self._answer(*found)
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            if length > MAX_REQUEST:
                self.send_error(413)
                return
            body = self.rfile.read(length)
            if self.path == "/tsa":
                self._answer(server.timestamp(body), "application/timestamp-reply")
            elif self.path == "/ocsp":
                self._answer(server.status(body), "application/ocsp-response")
            else:
                self.send_error(404)

        def _answer(self, body: bytes, media_type: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Silent: the demonstration's output is for people."""

    return Handler
