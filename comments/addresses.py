"""People's addresses: never kept. What is kept is a keyed digest of the network they came from."""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from comments.models import AddressKey

IPV4_PREFIX, IPV6_PREFIX = 24, 48


def client_network(request: HttpRequest) -> str:
    """The writer's network, as 192.0.2.0/24 or 2001:db8::/48; "unknown" where there is none (a socket file).

    X-Forwarded-For is read from its right end, and only as far as TRUSTED_PROXIES vouch for it: the
    rest is whatever the client sent.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    hops += [hop.strip() for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")) if hop.strip()]
    address = None
    for hop in hops:
        found = _parse(hop)
        if found is None:
            break
        address = found
        if not is_trusted_proxy(hop):
            break
    if address is None:
        return "unknown"
    length = IPV4_PREFIX if address.version == 4 else IPV6_PREFIX
    return str(ipaddress.ip_network((address, length), strict=False))


def is_trusted_proxy(text: str) -> bool:
    """Whether this is the address of one of TRUSTED_PROXIES."""
    address = _parse(text)
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


def _parse(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both kinds writes IPv4 addresses as ::ffff:192.0.2.1.
    return getattr(address, "ipv4_mapped", None) or address


def digest(network: str) -> str:
    """32 hex digits that say whether two comments came from one network, and nothing to who lacks the key."""
    key = AddressKey.objects.order_by("-pk").first() or AddressKey.objects.create()
    return hmac.new(bytes(key.key), network.encode(), hashlib.sha256).hexdigest()[:32]
