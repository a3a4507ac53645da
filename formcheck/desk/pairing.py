"""How a station and the desk come to know each other: a code of six digits, an exchange of keys, signatures. Pure.

The station shows the code, somebody types it at the desk. Both run SPEKE (IEEE 1363.2; Jablon 1996) with it in the
3072-bit group of RFC 3526: whoever listens learns nothing about the code, and whoever stands between has one guess in a
million for each code that is typed. As Hao and Shahandashti (2014) advise, who takes part and both shares go into the
key. What is proved is the station's public key and the fingerprint of the certificate that the station saw.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from formcheck.system.errors import FormcheckError

CODE_DIGITS = 6
PRIME = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3"
    "CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5"
    "AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356"
    "208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28F"
    "B5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521AB"
    "DF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6B"
    "F12FFA06D98A0864D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFC"
    "E0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
"""A safe prime: (PRIME - 1) / 2 is prime too. RFC 3526, group 15."""
SECRET_BITS = 256
SHARE_DIGITS = 768

Role = Literal["station", "desk"]


class PairingError(FormcheckError):
    """The other end has another code, or does not keep to the exchange."""


def station_id(key: str) -> str:
    """What a station is called: made of its public key (hexadecimal), so that nobody can take another one's."""
    return hashlib.sha256(b"formcheck station " + bytes.fromhex(key)).hexdigest()[:16]


def fingerprint_of(certificate: bytes) -> str:
    """SHA-256 of a certificate (DER), 64 hexadecimal digits."""
    return hashlib.sha256(certificate).hexdigest()


def new_code() -> str:
    """A code that nobody knows yet."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def context_of(key: str, nonce: str, fingerprint: str) -> bytes:
    """What both ends must see alike: the station's public key, the desk's nonce and its certificate."""
    return b"\x00".join((b"formcheck desk 1", key.encode(), nonce.encode(), fingerprint.encode()))


def signed(private: Ed25519PrivateKey, context: bytes) -> str:
    """A station's signature, hexadecimal."""
    return private.sign(b"hello\x00" + context).hex()


def is_signed(key: str, context: bytes, signature: str) -> bool:
    """Whether it is that station's."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), b"hello\x00" + context)
    except (InvalidSignature, ValueError):
        return False
    return True


class Exchange:
    """One end's part in one exchange. It is good for one peer's share."""

    def __init__(self, role: Role, code: str, context: bytes) -> None:
        """Begin.

        Args:
            role: which end this is.
            code: the digits.
            context: `context_of` what this end sees.
        """
        self._role, self._context = role, context
        self._secret = secrets.randbits(SECRET_BITS) | 1 << SECRET_BITS - 1
        self._mine = pow(_generator(code, context), self._secret, PRIME)

    @property
    def share(self) -> str:
        """What the other end is told, hexadecimal."""
        return f"{self._mine:0{SHARE_DIGITS}x}"

    def agree(self, share: str) -> Agreed:
        """What follows from the other end's share.

        Raises:
            PairingError: it is no share.
        """
        theirs = int(share, 16)
        if not 1 < theirs < PRIME - 1 or theirs == self._mine:
            raise PairingError("The other end does not keep to the exchange of keys. Try again.")
        shared = pow(theirs, self._secret, PRIME)
        shares = (self._mine, theirs) if self._role == "desk" else (theirs, self._mine)
        parts = [self._context, *(each.to_bytes(SHARE_DIGITS // 2) for each in (*shares, shared))]
        return Agreed(hashlib.sha256(b"key\x00" + b"".join(hashlib.sha256(part).digest() for part in parts)).digest())


class Agreed:
    """What both ends have, if both had the same code and saw the same."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def proof(self, role: Role) -> str:
        """That end's proof, hexadecimal."""
        return hmac.digest(self._key, f"proof of the {role}".encode(), "sha256").hex()

    def is_proved(self, role: Role, proof: str) -> bool:
        """Whether that end has proved it."""
        return hmac.compare_digest(self.proof(role), proof)


def _generator(code: str, context: bytes) -> int:
    """A square that depends on the code: it generates the subgroup of prime order, and nobody knows its logarithm."""
    seed = b"".join(hashlib.sha512(bytes([i]) + code.encode() + b"\x00" + context).digest() for i in range(7))
    return pow(int.from_bytes(seed) % (PRIME - 3) + 2, 2, PRIME)
