"""TLS for phones: the certificate is checked before anything listens to them, as each phone will check it."""

from __future__ import annotations

import contextlib
import ipaddress
import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes

from course.content import say_day, words
from course.core import moments
from course.core.errors import BadCertificate


@dataclass(frozen=True)
class Tls:
    """What encrypts what phones send, and for whom its certificate is."""

    context: ssl.SSLContext
    names: frozenset[str]
    """The names and addresses of the certificate, in small letters; a name may begin with “*.”."""
    is_self_signed: bool
    """Whether phones will warn of it, as nobody that they know has signed it."""

    def fits(self, host: str) -> bool:
        """Say whether phones that open this name or address take the certificate."""
        return host.lower() in self.names or f"*.{host.lower().partition('.')[2]}" in self.names

    @property
    def names_in_words(self) -> str:
        """The names and addresses, to be read."""
        return ", ".join(sorted(self.names))


def read_tls(certfile: str, keyfile: str, name: str) -> Tls:
    """Return what encrypts with a certificate and its key, for phones that open a name, or an address without one.

    Raises BadCertificate, which says what phones would refuse, and what to do.
    """
    chain, key = _read_certificates(certfile), _read_key(keyfile)
    leaf = chain[0]
    own, other = (_public_bytes(public) for public in (key.public_key(), leaf.public_key()))
    if own != other:
        raise _bad("key-other", file=keyfile)
    now = moments.now()
    if now > leaf.not_valid_after_utc:
        raise _bad("expired", day=say_day(leaf.not_valid_after_utc.date()))
    if now < leaf.not_valid_before_utc:
        raise _bad("too-early", day=say_day(leaf.not_valid_before_utc.date()))
    if not _is_chain_whole(chain):
        raise _bad("chain", file=certfile)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certfile, keyfile)
    except (OSError, ssl.SSLError):
        raise _bad("unusable", file=certfile) from None
    tls = Tls(context, _names(leaf), leaf.issuer == leaf.subject)
    if name and not tls.fits(name):
        raise _bad("name", name=name, names=tls.names_in_words)
    if not name and not any(map(_is_address, tls.names)):
        raise _bad("no-name", names=tls.names_in_words)
    return tls


def _read_certificates(file: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(Path(file).read_bytes())
    except OSError:
        raise _bad("missing", file=file) from None
    except ValueError:
        raise _bad("unread", file=file) from None


def _read_key(file: str) -> PrivateKeyTypes:
    try:
        return serialization.load_pem_private_key(Path(file).read_bytes(), None)
    except OSError:
        raise _bad("missing", file=file) from None
    except TypeError:
        raise _bad("key-locked", file=file) from None
    except ValueError:
        raise _bad("key-unread", file=file) from None


def _public_bytes(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _names(certificate: x509.Certificate) -> frozenset[str]:
    """Return for whom a certificate is: phones look at its alternative names and at nothing else."""
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset()
    found = names.get_values_for_type(x509.DNSName) + list(map(str, names.get_values_for_type(x509.IPAddress)))
    return frozenset(name.lower() for name in found)


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _is_chain_whole(chain: Sequence[x509.Certificate]) -> bool:
    """Say whether each certificate comes with the one that signed it, up to one that phones know.

    Which ones they know is taken from this computer. Where it names none, one that signed the first is enough.
    """
    known = _trusted_names()
    current, signed = chain[0], 0
    while current.issuer != current.subject and current.issuer not in known:
        issuer = next((other for other in chain if _has_signed(other, current)), None)
        if issuer is None:
            return not known and signed > 0
        current, signed = issuer, signed + 1
        if signed > len(chain):
            return False
    return True


def _has_signed(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _trusted_names() -> set[x509.Name]:
    """Return who may sign certificates by what this computer trusts."""
    names = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of old ones that break today's rules, as some roots do
        for encoded in ssl.create_default_context().get_ca_certs(binary_form=True):
            with contextlib.suppress(ValueError):  # the same, where that is an error
                names.add(x509.load_der_x509_certificate(encoded).subject)
    return names


def _bad(key: str, **blanks: str) -> BadCertificate:
    return BadCertificate(words(f"session.certificate-{key}", **blanks), words(f"session.certificate-{key}-hint"))
