"""Somebody with a second step, and the code that their app shows."""

import time

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from blog.models import User
from config.signin import second

KEY = "a1" * 20
PASSWORD = "correct horse"


def code_now(key: str = KEY, later: int = 0) -> str:
    """What an app with this key shows, so many steps of half a minute later."""
    return f"{totp(bytes.fromhex(key), t0=-30 * later):06d}"


def with_second_step(user: User) -> list[str]:
    """Their recovery codes. The code of this moment is not used up."""
    TOTPDevice.objects.create(user=user, key=KEY, name="")
    return second.new_codes(user)


def knows_who(client) -> bool:
    return "_auth_user_id" in client.session


def wrong_code() -> str:
    shown = {code_now(later=later) for later in (-1, 0, 1)}
    return next(code for code in ("000000", "111111", "222222", "333333") if code not in shown)


def passes(client, door: str = "/sign-in/", username: str = "olive", to: str = "/admin/", **extra):
    return client.post(door, {"username": username, "password": PASSWORD, "next": to}, **extra)


def wait(time_machine, seconds: float) -> None:
    time_machine.move_to(time.time() + seconds, tick=False)
