import ipaddress

import pytest

from comments import addresses


def network(rf, settings, remote: str, forwarded: str = "", trusted: tuple[str, ...] = ()) -> str:
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(proxy) for proxy in trusted]
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return addresses.client_network(rf.get("/", REMOTE_ADDR=remote, headers=headers))


@pytest.mark.parametrize(
    "remote, expected",
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_it_is_the_network_and_not_the_address(rf, settings, remote, expected):
    assert network(rf, settings, remote) == expected


def test_a_forwarded_address_counts_only_from_a_trusted_proxy(rf, settings):
    assert network(rf, settings, "203.0.113.1", "198.51.100.9") == "203.0.113.0/24"
    assert network(rf, settings, "10.0.0.1", "198.51.100.9", ("10.0.0.0/8",)) == "198.51.100.0/24"


def test_what_the_client_wrote_itself_does_not_count(rf, settings):
    assert network(rf, settings, "10.0.0.1", "1.2.3.4, 198.51.100.9", ("10.0.0.0/8",)) == "198.51.100.0/24"
    assert network(rf, settings, "10.0.0.1", "1.2.3.4, nonsense", ("10.0.0.0/8",)) == "10.0.0.0/24"


@pytest.mark.django_db
def test_the_digest_hides_the_network_and_is_stable():
    one = addresses.digest("203.0.113.0/24")
    assert one == addresses.digest("203.0.113.0/24") != addresses.digest("203.0.114.0/24")
    assert len(one) == 32
