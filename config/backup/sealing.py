"""A backup sealed with a passphrase: scrypt makes the key, Cobblestone (AES-GCM, chunk by chunk) keeps the content from
being read, altered or cut off. Both are the `cryptography` library's."""

import os
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from config.backup import BackupFault

MAGIC = b"marginalia backup, sealed 1\n"
SALT = 16
COST = 2**17  # a third of a second and 128 MB for each guess
CHUNK = 256 * 1024


class Sealed:
    """A file to write to; what arrives in `out` is sealed. close() leaves `out` open."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(SALT)
        out.write(MAGIC + salt)
        self.out = out
        self.encryptor = Cobblestone256Encryptor(_key(passphrase, salt), context=MAGIC)

    def write(self, data: bytes) -> int:
        self.out.write(self.encryptor.update(data))
        return len(data)

    def flush(self) -> None:
        """Chunks are written when they are full."""

    def close(self) -> None:
        self.out.write(self.encryptor.finalize())


class Unsealed:
    """A sealed file to read from. Raises BackupFault where it is not what was sealed with this passphrase."""

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise ValueError("It is not sealed.")
        self.file = file
        self.decryptor = Cobblestone256Decryptor(_key(passphrase, file.read(SALT)), context=MAGIC)
        self.waiting = bytearray()
        self.is_first, self.is_over = True, False

    def read(self, size: int) -> bytes:
        while len(self.waiting) < size and not self.is_over:
            self._more()
        found = bytes(self.waiting[:size])
        del self.waiting[:size]
        return found

    def _more(self) -> None:
        data = self.file.read(CHUNK)
        self.is_over = not data
        try:
            self.waiting += self.decryptor.update(data) if data else self.decryptor.finalize()
        except (InvalidTag, ValueError):
            first = "The passphrase is not the one that it was made with (or the file is damaged)."
            raise BackupFault(first if self.is_first else "It is damaged or cut off.") from None
        self.is_first = False


def is_sealed(head: bytes) -> bool:
    return head.startswith(MAGIC)


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=COST, r=8, p=1).derive(passphrase.encode())
