"""How often a password or a code may be tried. Tries are counted before they are looked at, so that many at one moment
are no way around; every wait ends by itself within its window, and none differs by whether there is such an account."""

import logging
import unicodedata

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from blog.models import User
from comments import addresses, ratelimit

QUARTER = 15 * 60
# (how many, in how many seconds). Nobody can use up the tries of a name but from the network where it is signed in
# from, so nobody can lock an owner out who sits elsewhere.
OF_NAME = ((10, QUARTER),)  # in one network
OF_NETWORK = ((60, QUARTER),)  # an office or a school
# Of one account, by whoever knows its password: three of a million codes are right at any moment.
OF_CODE = ((5, QUARTER), (30, 86_400))
OF_PASSWORD = ((10, QUARTER),)  # of who is signed in and asked again

logger = logging.getLogger(__name__)


def of_sign_in(request: HttpRequest, name: str) -> int:
    """Counts one try to sign in; the seconds to wait if that is too many, else 0."""
    network = addresses.client_network(request)
    of_name, of_network = _keys(_name_in(network, name), network)
    return max(ratelimit.wait(of_name, OF_NAME), ratelimit.wait(of_network, OF_NETWORK))


def of_code(user: User) -> int:
    return ratelimit.wait(_key(f"code:{user.pk}"), OF_CODE)


def of_password(user: User) -> int:
    return ratelimit.wait(_key(f"again:{user.pk}"), OF_PASSWORD)


def passed(request: HttpRequest, name: str) -> None:
    """After the right password: a few slips of the finger before it count no more, and an office in which many sign
    in uses nothing up."""
    forget_name(request, name)
    ratelimit.give_back(_key(addresses.client_network(request)), OF_NETWORK)


def forget_name(request: HttpRequest, name: str) -> None:
    ratelimit.forget(_key(_name_in(addresses.client_network(request), name)), OF_NAME)


def forget_code(user: User) -> None:
    ratelimit.forget(_key(f"code:{user.pk}"), OF_CODE)


def forget_password(user: User) -> None:
    ratelimit.forget(_key(f"again:{user.pk}"), OF_PASSWORD)


def forget(request: HttpRequest, user: User) -> None:
    """After a new password by mail: whoever reads the account's mail waits for nobody."""
    forget_name(request, user.username)
    ratelimit.forget(_key(addresses.client_network(request)), OF_NETWORK)
    forget_code(user)
    forget_password(user)


def forget_all() -> None:
    ratelimit.forget_like("sign-in:")


def refused(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page for who has to wait."""
    logger.warning("Somebody tried to sign in too often and has to wait.")
    response = render(request, "sign_in_wait.html", {"wait": in_words(seconds)}, status=429)
    response["Retry-After"] = str(seconds)
    return response


def in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes > 90:
        hours = -(-minutes // 60)
        return ngettext("in %(count)d hour", "in %(count)d hours", hours) % {"count": hours}
    return ngettext("in %(count)d minute", "in %(count)d minutes", minutes) % {"count": minutes}


def too_often(seconds: int) -> str:
    return _("That was tried too often. Try again %(wait)s.") % {"wait": in_words(seconds)}


def _name_in(network: str, name: str) -> str:
    return f"{unicodedata.normalize('NFKC', name[:254]).casefold()} in {network}"


def _key(counted: str) -> str:
    return _keys(counted)[0]


def _keys(*counted: str) -> list[str]:
    """Digests alone: who mistakes the field types a password for a name."""
    digests = addresses.digests(list(counted))
    return [f"sign-in:{digests[one]}" for one in counted]
