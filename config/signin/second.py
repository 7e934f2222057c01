"""The second step: a code from an app (django-otp), or one of ten recovery codes, of which digests are kept."""

import hashlib
import time
from base64 import b32encode
from urllib.parse import quote

import segno
from django.db import transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from blog.models import User
from config.management.commands.owner import made_up_password
from config.models import RecoveryCode

RECOVERY_CODES = 10
new_key = default_key


def device_of(user: User) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).order_by("pk").first()


def has_one(user: User) -> bool:
    return TOTPDevice.objects.filter(user=user.pk, confirmed=True).exists()


def address(key: str, user: User, site: str) -> str:
    """What an app reads from the picture."""
    site = site.replace(":", "")  # it parts the site from the name
    return f"otpauth://totp/{quote(f'{site}:{user.username}')}?secret={secret(key)}&issuer={quote(site)}"


def secret(key: str) -> str:
    """The key as one types it into an app."""
    return b32encode(bytes.fromhex(key)).decode()


def picture(text: str) -> str:
    """A QR code as a data: address. Dark on white in either scheme, or telephones would not read it."""
    return segno.make(text, micro=False, error="m").svg_data_uri(scale=5, dark="#000", light="#fff")


def set_up(user: User, key: str, typed: str) -> list[str]:
    """Gives the user a second step if the code is one of this key's; the recovery codes then, else none."""
    totp = TOTP(bytes.fromhex(key))
    totp.time = time.time()
    code = _digits(typed)
    if code is None or not totp.verify(code, tolerance=1):
        return []
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two forms at one moment make one second step
        TOTPDevice.objects.filter(user=user.pk).delete()
        # The code has been used: it opens no door any more.
        now = timezone.now()
        TOTPDevice.objects.create(user_id=user.pk, key=key, drift=totp.drift, last_t=totp.t(), last_used_at=now)
        return new_codes(user)


@transaction.atomic
def new_codes(user: User) -> list[str]:
    """In place of those that there were. They are shown once, and nobody can read them again."""
    User.objects.select_for_update().get(pk=user.pk)
    RecoveryCode.objects.filter(user=user.pk).delete()
    codes = [made_up_password() for _code in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user_id=user.pk, digest=_digest(code)) for code in codes)
    return codes


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user.pk).count()


@transaction.atomic
def turn_off(user: User) -> bool:
    """Whether there was one."""
    RecoveryCode.objects.filter(user=user.pk).delete()
    return bool(TOTPDevice.objects.filter(user=user.pk).delete()[0])


def verify(user: User, typed: str) -> bool:
    """Whether this is a code of the user's app or a recovery code; it is used up then."""
    if (code := _digits(typed)) is not None:
        with transaction.atomic():
            device = TOTPDevice.objects.select_for_update().filter(user=user.pk, confirmed=True).first()
            return device is not None and device.verify_token(code)
    return bool(RecoveryCode.objects.filter(user=user.pk, digest=_digest(typed)).delete()[0])


def _digits(typed: str) -> int | None:
    """As apps show a code: six digits, often with a gap, perhaps in another script."""
    typed = "".join(typed.split())
    return int(typed) if len(typed) == 6 and typed.isdecimal() else None


def _digest(code: str) -> str:
    """Plain SHA-256: a code has 79 bits, so there is nothing to guess."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
