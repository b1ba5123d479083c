"""Nothing is sent into a house, however its address is written and wherever its name leads."""

from __future__ import annotations

import pytest

from omtanke.channels.address import AddressRefused, Guard, Target, is_public, read_url

INSIDE = """
127.0.0.1 127.8.8.8 0.0.0.0 0.1.2.3 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 169.254.0.1 100.64.0.1 100.100.100.200
168.63.129.16 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 fe80::1 fe80::1%eth0 fc00::1 fd00:ec2::254 fec0::1 ff02::1 ff0e::1
2001:db8::1 2001:0:a9fe:a9fe::1 2002:7f00:1:: 2002:a00:1:: 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::1 100::1 3fff::1 5f00::1
""".split()
OUTSIDE = "93.184.215.14 1.1.1.1 172.32.0.1 192.0.1.1 100.128.0.1 2606:2800:21f:cb07:6820:80da:af6b:8b2c 64:ff9b::93.184.215.14 ::ffff:93.184.215.14".split()


@pytest.mark.parametrize("address", INSIDE)
def test_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_address_outside_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://shop.example/hooks?a=1", Target(True, "shop.example", 443, "/hooks?a=1")),
        ("https://Shop.Example.:8443", Target(True, "shop.example", 8443, "/")),
        ("http://[2606:2800::1]:80/x", Target(False, "2606:2800::1", 80, "/x")),
        ("https://åsa.example/", Target(True, "xn--sa-xia.example", 443, "/")),
    ],
)
def test_url_is_taken_apart(url: str, target: Target) -> None:
    assert read_url(url) == target


def test_host_header_names_the_port_only_when_it_is_not_the_usual_one() -> None:
    assert [read_url(url).host for url in ("https://shop.example/", "https://shop.example:8443/", "https://[2606:2800::1]/")] == [
        "shop.example",
        "shop.example:8443",
        "[2606:2800::1]",
    ]


@pytest.mark.parametrize(
    "url",
    """ftp://shop.example/ file:///etc/passwd gopher://shop.example shop.example https:// https://shop.example:0/ https://shop.example:99999/
    https://me@shop.example/ https://me:secret@shop.example/ https://shop.example\\@127.0.0.1/ https://[fe80::1%25eth0]/ https://shop.example/ö
    javascript:alert(1)""".split(),
)
def test_url_that_is_none_of_ours_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        read_url(url)


def test_line_breaks_do_not_get_into_a_request() -> None:
    with pytest.raises(AddressRefused):
        read_url("https://shop.example/x\r\nHost: elsewhere")


@pytest.mark.parametrize("written", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost"])
def test_other_ways_to_write_an_address_are_seen_through(written: str) -> None:
    """The system's own resolver reads them."""
    with pytest.raises((AddressRefused, OSError)):
        Guard().addresses(Guard().target(f"https://{written}/"))


def test_name_with_one_address_inside_is_refused_whole() -> None:
    guard = Guard(resolve=lambda name, port: ["93.184.215.14", "10.0.0.1"])
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.1"):
        guard.addresses(guard.target("https://shop.example/"))


def test_plain_http_goes_to_the_own_network_only() -> None:
    with pytest.raises(AddressRefused, match="in the open"):
        Guard().target("http://shop.example/")
    assert Guard(["shop.example:80"]).target("http://shop.example/").port == 80


def test_allowed_place_is_that_port_and_no_other() -> None:
    guard = Guard(["127.0.0.1:9009"])
    assert guard.addresses(guard.target("http://127.0.0.1:9009/")) == ["127.0.0.1"]
    with pytest.raises(AddressRefused):
        guard.addresses(guard.target("https://127.0.0.1:9010/"))


def test_name_that_leads_nowhere_yet_may_be_saved() -> None:
    def nowhere(name: str, port: int) -> list[str]:
        raise OSError("no such name")

    Guard(resolve=nowhere).require_sendable("https://soon.example/")
