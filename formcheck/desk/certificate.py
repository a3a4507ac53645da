"""The desk's certificate: one that somebody brings, or one that the desk makes for itself and keeps."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from formcheck.desk.pairing import fingerprint_of
from formcheck.system.errors import FormcheckError
from formcheck.system.shown import shown

DAYS = 5 * 365
"""For how long a self-made one holds. Stations know it by its fingerprint, so a new one means pairing them anew."""
SKEW = timedelta(days=1)
"""How wrong the clock of a station may be."""
CERTIFICATE, KEY = "desk.crt", "desk.key"


@dataclass(frozen=True, slots=True)
class Tls:
    """Files of a certificate and its key, and how it is recognised."""

    certificate: Path
    key: Path
    fingerprint: str
    """SHA-256 of the certificate, 64 hexadecimal digits."""


def given(certificate: Path, key: Path) -> Tls:
    """A certificate that somebody brings.

    Raises:
        FormcheckError: a file can't be read, or is none.
    """
    try:
        first = x509.load_pem_x509_certificates(certificate.read_bytes())[0]
        private = serialization.load_pem_private_key(key.read_bytes(), None)
    except (OSError, ValueError, TypeError, IndexError) as error:
        raise FormcheckError(
            f"{shown(certificate)} and {shown(key)} are no certificate and key (PEM, without a passphrase)."
        ) from error
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*form) != first.public_key().public_bytes(*form):
        raise FormcheckError(f"{shown(key)} is not the key of {shown(certificate)}.")
    return Tls(certificate, key, fingerprint_of(first.public_bytes(serialization.Encoding.DER)))


def self_made(folder: Path, hosts: Collection[str], now: datetime | None = None) -> Tls:
    """The desk's own certificate; made where there is none, or it is too old.

    Args:
        folder: where it is kept.
        hosts: names and addresses of the desk, for a new one.
        now: the time, UTC.

    Raises:
        FormcheckError: it can't be kept there.
    """
    moment, certificate, key = now or datetime.now(UTC), folder / CERTIFICATE, folder / KEY
    if certificate.is_file() and key.is_file():
        kept = given(certificate, key)
        if x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc > moment:
            return kept
    private = ec.generate_private_key(ec.SECP256R1())
    made = _made(private, hosts, moment)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        pem = private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        with open(os.open(key, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(pem)
        certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    except OSError as error:
        raise FormcheckError(f"The certificate can't be kept in {shown(folder)}. Check the folder.") from error
    return given(certificate, key)


def _made(private: ec.EllipticCurvePrivateKey, hosts: Collection[str], now: datetime) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "FormCheck desk")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([_alternative(host) for host in sorted(hosts)]), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(private, hashes.SHA256())
    )


def _alternative(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
