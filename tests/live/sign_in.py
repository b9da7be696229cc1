"""A token endpoint on the loopback address, over TLS with a certificate made for the test, as stock MSAL wants it."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from tests.live.service import serving


class Entra:
    """What it was asked and what it says. `tokens` are handed out one after the other, the last one for ever."""

    def __init__(self, ca_file: Path) -> None:
        self.ca_file = ca_file
        self.forms: list[dict[str, str]] = []
        self.tokens = ["token-1", "token-2"]
        self.lifetime = 3599
        self.refusal: dict[str, Any] | None = None
        self.discovery = 200
        self.elsewhere = ""
        self.port = 0

    @property
    def authority(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if path.endswith("openid-configuration"):
            tenant = f"{self.authority}/{path.split('/')[1]}"
            names = {"issuer": "v2.0", "authorization_endpoint": "oauth2/v2.0/authorize", "token_endpoint": "oauth2/v2.0/token"}
            return self.discovery, {name: f"{tenant}/{where}" for name, where in names.items()}
        self.forms.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
        if self.elsewhere:
            return 307, {}
        if self.refusal:
            return 401, self.refusal
        token = self.tokens.pop(0) if len(self.tokens) > 1 else self.tokens[0]
        return 200, {"token_type": "Bearer", "expires_in": self.lifetime, "access_token": token}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    entra: Entra

    def _serve(self) -> None:
        status, found = self.entra.answer(self.path, self.rfile.read(int(self.headers.get("content-length") or 0)))
        body = json.dumps(found).encode()
        head = f"HTTP/1.1 {status} Words\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        head += f"Location: {self.entra.elsewhere}\r\n\r\n" if status == 307 else "\r\n"
        self.close_connection = True
        self.wfile.write(head.encode() + body)

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def signing_in(folder: Path) -> Iterator[Entra]:
    """Runs the endpoint; its certificate is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    write_pem(folder / "server.pem", key, _certificate(key, "127.0.0.1"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    entra = Entra(folder / "server.pem")
    with serving(type("Handler", (_Handler,), {"entra": entra}), lambda socket: context.wrap_socket(socket, server_side=True)) as port:
        entra.port = port
        yield entra


def write_robot(path: Path, password: str | None = None) -> None:
    """A certificate with which a service principal could sign in, as PEM or (named .pfx) as PKCS #12."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    certificate = _certificate(key, "robot")
    if path.suffix == ".pfx":
        encryption = serialization.BestAvailableEncryption((password or "").encode())
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"robot", key, certificate, None, encryption))
    else:
        write_pem(path, key, certificate, password)


def write_pem(path: Path, key: Any, certificate: x509.Certificate, password: str | None = None) -> None:
    encryption = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))


def _certificate(key: Any, name: str) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    builder = builder.add_extension(x509.SubjectAlternativeName([address]), critical=False)
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
