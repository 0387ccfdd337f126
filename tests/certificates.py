"""Certificates that are made for tests: signed by themselves, or by one that is made as well."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Made:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self, password: bytes = b"") -> bytes:
        locked = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked)


def make_certificate(
    names: Sequence[str], *, begins: datetime.timedelta = -DAY, ends: datetime.timedelta = DAY, by: Made | None = None
) -> Made:
    """Return a certificate for names and addresses, that is good from and until so long after now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test {names[0] if names else by}")])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(_general, names))), critical=False)
    return Made(builder.sign(by.key if by else key, hashes.SHA256()), key)


def write_certificate(folder: Path, *names: str) -> tuple[str, str]:
    """Write a certificate for names, signed by itself, and its key; return both files."""
    made = make_certificate(names)
    files = (folder / "certificate.pem", folder / "key.pem")
    files[0].write_bytes(made.pem())
    files[1].write_bytes(made.key_pem())
    return str(files[0]), str(files[1])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
