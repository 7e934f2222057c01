"""People's addresses: never kept. What is kept is a keyed digest of the network they came from."""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest

from blog.prepared import Prepared
from comments.folding.networks import kept_prefix
from comments.models import AddressKey

NEWEST = Prepared(lambda: AddressKey.objects.order_by("-pk")[:1])


def client_address(request: HttpRequest) -> str:
    """The writer's own address, for as long as the request lives: stored nowhere. Empty where there is none.

    X-Forwarded-For is read from its right end, and only as far as TRUSTED_PROXIES vouch for it: the
    rest is whatever the client sent.
    """
    hops = [request.META.get("REMOTE_ADDR", "")]
    hops += [hop.strip() for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")) if hop.strip()]
    address = ""
    for hop in hops:
        found = _parse(hop)
        if found is None:
            break
        address = str(found)
        if not is_trusted_proxy(hop):
            break
    return address


def network_of(text: str) -> str:
    """An address's network, as 192.0.2.0/24 or 2001:db8::/48; "unknown" of what is no address (a socket file)."""
    address = _parse(text)
    if address is None:
        return "unknown"
    return str(ipaddress.ip_network((address, kept_prefix(address.version)), strict=False))


def client_network(request: HttpRequest) -> str:
    return network_of(client_address(request))


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


def present_key() -> AddressKey | None:
    """The key under which addresses are kept now; none before the first is."""
    return next(iter(NEWEST()), None)


def digest(network: str) -> str:
    """32 hex digits that say whether two comments came from one network, and nothing to who lacks the key."""
    return digests([network])[network]


def digests(networks: list[str]) -> dict[str, str]:
    """The digest of each of the networks."""
    key = present_key() or AddressKey.objects.create()
    return {
        network: hmac.new(bytes(key.key), network.encode(), hashlib.sha256).hexdigest()[:32] for network in networks
    }
