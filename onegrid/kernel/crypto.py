"""Digests and protection of personal data, international or national algorithms by configuration.

SHA-256 and AES-GCM, or SM3 (GB/T 32905) and SM4-GCM (GB/T 32907): `settings.CRYPTO_SUITE`.
Every stored value starts with one byte naming its algorithm, so that a change of the
configuration leaves old values readable. Keys live outside the database (design: 9)."""

import base64
import hmac
import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as primitives_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from onegrid.kernel.refusals import Refusal

SHA256_AES, SM3_SM4 = b"\x01", b"\x02"
_SUITES = {"international": SHA256_AES, "national": SM3_SM4}
_NONCE, _TAG = 12, 16


class DataKeyUnreadable(Refusal):
    """A protected value cannot be opened with the key of this installation."""

    status = 500
    code = "kernel.data-key"
    zh = "受保护的数据无法用当前密钥解开，请联系系统管理员检查密钥文件。"
    en = "Protected data cannot be opened with the present key; ask the administrator to check the key file."


def suite() -> bytes:
    """The algorithm byte of new values."""
    return _SUITES[settings.CRYPTO_SUITE]


def sm3(data: bytes) -> bytes:
    """SM3 digest (GB/T 32905-2016), 32 bytes."""
    context = hashes.Hash(hashes.SM3())
    context.update(data)
    return context.finalize()


def digest(data: bytes, algorithm: bytes) -> bytes:
    """Algorithm byte and 32-byte digest of `data`."""
    return algorithm + (sha256(data).digest() if algorithm == SHA256_AES else sm3(data))


@cache
def _key(purpose: str) -> bytes:
    """The 32-byte key of one purpose, derived from the master key of this installation."""
    return hmac.new(_master_key(Path(settings.DATA_KEY_FILE)), purpose.encode(), sha256).digest()


def _master_key(file: Path) -> bytes:
    if "ONEGRID_DATA_KEY" in os.environ:
        return base64.b64decode(os.environ["ONEGRID_DATA_KEY"], validate=True)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return file.read_bytes()
        with os.fdopen(handle, "wb") as out:
            out.write(os.urandom(32))
    return file.read_bytes()


def _cipher(algorithm: bytes, nonce: bytes, tag: bytes | None = None) -> Cipher[modes.GCM]:
    key = _key("field")
    kind = algorithms.AES(key) if algorithm == SHA256_AES else algorithms.SM4(key[:16])
    return Cipher(kind, modes.GCM(nonce, tag))


def protect(text: str) -> bytes:
    """`text` encrypted and authenticated: algorithm byte, nonce, tag, cipher text."""
    algorithm, nonce = suite(), os.urandom(_NONCE)
    encryptor = _cipher(algorithm, nonce).encryptor()
    sealed = encryptor.update(text.encode()) + encryptor.finalize()
    return algorithm + nonce + encryptor.tag + sealed


def reveal(value: bytes) -> str:
    """The text behind `protect`; raises `DataKeyUnreadable` when key or value were changed."""
    algorithm, nonce = value[:1], value[1 : 1 + _NONCE]
    tag, sealed = value[1 + _NONCE : 1 + _NONCE + _TAG], value[1 + _NONCE + _TAG :]
    try:
        decryptor = _cipher(algorithm, nonce, tag).decryptor()
        return (decryptor.update(sealed) + decryptor.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise DataKeyUnreadable from error


def lookup_digest(text: str) -> bytes:
    """Keyed hash for exact look-up of a protected value; useless without the key."""
    algorithm, key = suite(), _key("look-up")
    kind = hashes.SHA256() if algorithm == SHA256_AES else hashes.SM3()
    mac = primitives_hmac.HMAC(key, kind)
    mac.update(text.encode())
    return algorithm + mac.finalize()
