"""Networks of people's addresses, as they are typed and as they are kept."""

import ipaddress
import re

# What is kept of a comment's address (comments/addresses.py).
IPV4_PREFIX, IPV6_PREFIX = 24, 48

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# WordPress's "192.168.0.", "10.1." and "2001:db8:": all that begins so.
_BEGINNING = re.compile(r"(?:[0-9]{1,3}\.){1,3}")
_BEGINNING_6 = re.compile(r"(?:[0-9a-f]{1,4}:){2,7}", re.IGNORECASE)  # not of one: “bad:” is a word


def kept_prefix(version: int) -> int:
    """How many bits of an address are kept."""
    return IPV4_PREFIX if version == 4 else IPV6_PREFIX


def read(text: str) -> Network:
    """The network that was typed, an address being a network of one. Raises ValueError if it is none."""
    text = text.strip()
    if _BEGINNING.fullmatch(text):
        parts = text.strip(".").split(".")
        text = ".".join(parts + ["0"] * (4 - len(parts))) + f"/{8 * len(parts)}"
    elif _BEGINNING_6.fullmatch(text):
        text = f"{text}:/{16 * text.count(':')}"
    network = ipaddress.ip_network(text, strict=False)
    mapped = getattr(network.network_address, "ipv4_mapped", None)
    if mapped and network.prefixlen >= 96:
        network = ipaddress.ip_network((mapped, network.prefixlen - 96), strict=False)
    return network


def widened(network: Network) -> Network:
    """The network, or that of the kept prefix around it: nothing narrower is ever known of a writer."""
    length = kept_prefix(network.version)
    return network.supernet(new_prefix=length) if network.prefixlen > length else network
