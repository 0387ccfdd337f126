"""The networks that this computer is on: all of them, by the names that people know, the likeliest first."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Sequence
from types import SimpleNamespace

import psutil
import pytest

from course.core.errors import SessionRefused
from course.workshop.access import networks
from course.workshop.access.networks import Network, read_own_address
from tests.cases import every

IN_A_NETWORK_OF_ITS_OWN = """
ip link set lo up
mk() { ip link add $1 type veth peer name $1p; ip addr add $2 dev $1; ip link set $1 up; ip link set $1p up; }
mk wlan0 192.168.8.20/24; mk tun0 10.9.0.2/24; ip route add default via 10.9.0.1 dev tun0
exec "$0" -c "from course.workshop.access.networks import networks
print([(n.name, n.address, n.kind) for n in networks()])"
"""


def with_interfaces(monkeypatch: pytest.MonkeyPatch, *entries: tuple[str, str], down: Sequence[str] = ()) -> None:
    """Have the system name these interfaces with these addresses."""
    addresses: dict[str, list[SimpleNamespace]] = {}
    for name, address in entries:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        addresses.setdefault(name, []).append(SimpleNamespace(family=family, address=address))
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: addresses)
    states = {name: SimpleNamespace(isup=name not in down) for name in addresses}
    monkeypatch.setattr(psutil, "net_if_stats", lambda: states)
    monkeypatch.setattr(networks, "_usual_address", lambda: entries[0][1] if entries else "")


def test_a_laptop_behind_a_vpn_offers_its_wifi_before_the_vpn(monkeypatch: pytest.MonkeyPatch) -> None:
    with_interfaces(
        monkeypatch,
        ("tun0", "10.9.0.2"), ("lo", "127.0.0.1"), ("wlan0", "192.168.8.20"), ("wlan0", "fe80::1"),
        ("docker0", "172.17.0.1"), ("enp3s0", "192.0.2.7"), ("wlan1", "192.168.9.1"), ("usb0", "169.254.3.4"),
        down=["wlan1"],
    )  # fmt: skip
    assert [(network.address, network.kind) for network in networks.networks()] == [
        ("192.168.8.20", "wifi"),
        ("192.0.2.7", "cable"),
        ("10.9.0.2", "vpn"),
        ("172.17.0.1", "virtual"),
        ("169.254.3.4", "alone"),
    ]


def test_of_two_networks_of_a_kind_the_one_that_leads_to_the_internet_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    with_interfaces(monkeypatch, ("wlan9", "192.168.9.9"), ("wlan0", "192.168.8.20"))
    assert [network.address for network in networks.networks()] == ["192.168.9.9", "192.168.8.20"]


@every(
    "name, kind",
    [
        ("Wi-Fi", "wifi"), ("WLAN", "wifi"), ("wlp2s0", "wifi"), ("Ethernet 2", "cable"), ("eth0", "cable"),
        ("vEthernet (WSL)", "virtual"), ("VirtualBox Host-Only Network", "virtual"), ("utun3", "vpn"),
        ("Company VPN", "vpn"), ("wg0", "vpn"), ("Local Area Connection* 10", "other"), ("rmnet0", "other"),
    ],
)  # fmt: skip
def test_a_network_is_known_by_how_systems_name_it(name: str, kind: str) -> None:
    assert networks._kind(name, "192.168.1.2", {}) == kind


def test_on_a_mac_a_network_has_the_name_that_people_know(monkeypatch: pytest.MonkeyPatch) -> None:
    with_interfaces(monkeypatch, ("en0", "192.168.8.20"))
    monkeypatch.setattr(networks, "_mac_port_names", lambda: {"en0": "Wi-Fi"})
    assert networks.networks() == [Network("192.168.8.20", "Wi-Fi", "wifi")]


def test_without_any_network_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with_interfaces(monkeypatch, ("lo", "127.0.0.1"))
    assert networks.networks() == []


@pytest.mark.skipif(sys.platform != "linux", reason="a network of its own is Linux's")
def test_all_real_networks_of_a_computer_are_found() -> None:
    command = ["unshare", "--user", "--map-root-user", "--net", "bash", "-c", IN_A_NETWORK_OF_ITS_OWN, sys.executable]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("unshare is not there")
    if "unshare" in run.stderr or "ip: " in run.stderr or "RTNETLINK" in run.stderr:
        pytest.skip(f"no network of its own can be made here: {run.stderr}")
    assert run.stdout.strip() == "[('wlan0', '192.168.8.20', 'wifi'), ('tun0', '10.9.0.2', 'vpn')]", run.stderr


def own_address() -> str:
    """Return an address of this computer, as an outsider would see it."""
    found = [network.address for network in networks.networks()]
    if not found:
        pytest.skip("this computer is on no network")
    return found[0]


def test_an_own_address_is_taken_as_it_is_typed_or_pasted() -> None:
    own = own_address()
    for typed in (own, f" {own} ", f"{own}:8890", f"http://{own}:8890/j/abc", f"HTTPS://{own}"):
        assert read_own_address(typed) == own


@every(
    "typed, says",
    [
        ("192.168.8", "four numbers"), ("laptop.local", "four numbers"), ("", "four numbers"),
        ("192.168.8.300", "four numbers"), ("fe80::1", "IPv6"), ("127.0.0.1", "itself"), ("localhost", "four numbers"),
        ("198.51.100.7", "does not have"), ("0.0.0.0", "does not have"), ("224.0.0.1", "does not have"),
        ("255.255.255.255", "does not have"),
    ],
)  # fmt: skip
def test_any_other_is_refused_in_plain_words(typed: str, says: str) -> None:
    with pytest.raises(SessionRefused) as refusal:
        read_own_address(typed)
    assert says in refusal.value.message
    assert refusal.value.hint
