"""The networks that this computer is on, as people know them, and the address that it has on each of them."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import psutil

from course.workshop.errors import refused

Kind = Literal["wifi", "cable", "other", "vpn", "virtual", "alone"]
KINDS: Final[tuple[Kind, ...]] = ("wifi", "cable", "other", "vpn", "virtual", "alone")
"""The kinds of networks, those first on which phones are likely to be."""
_VPN: Final = re.compile(
    r"^(tun|tap|utun|wg|ppp|ipsec|zt|tailscale|nordlynx|proton|mullvad|cscotun|gpd)|vpn|wireguard|tailscale", re.I
)
_VIRTUAL: Final = re.compile(
    r"^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|podman|cni|flannel|vEthernet|awdl|llw|anpi)|virtualbox|vmware|hyper-v",
    re.I,
)
_WIFI: Final = re.compile(r"^wl|wi-?fi|wlan|wireless|airport", re.I)
_CABLE: Final = re.compile(r"^(eth|en[opsx\d]|em\d)|ethernet|\blan\b", re.I)
_SYSTEM: Final = Path("/sys/class/net")
"""Where Linux says which networks are wireless."""


@dataclass(frozen=True)
class Network:
    """One address of this computer, on one network."""

    address: str
    name: str
    """What the system calls it, such as wlan0 or Wi-Fi."""
    kind: Kind


def networks() -> list[Network]:
    """Return every IPv4 address by which others may reach this computer, the likeliest first."""
    usual, ports, states = _usual_address(), _mac_port_names(), psutil.net_if_stats()
    found = [
        Network(entry.address, ports.get(name, name), _kind(name, entry.address, ports))
        for name, entries in psutil.net_if_addrs().items()
        if name in states and states[name].isup
        for entry in entries
        if entry.family == socket.AF_INET and not ipaddress.ip_address(entry.address).is_loopback
    ]
    return sorted(found, key=lambda network: (KINDS.index(network.kind), network.address != usual, network.name))


def read_own_address(typed: str) -> str:
    """Return an address of this computer that somebody typed or pasted, also out of a link.

    Raises SessionRefused, which says what is wrong with any other.
    """
    text = re.sub(r"^[a-z]+://", "", typed.strip().lower()).partition("/")[0]
    host = text.rpartition(":")[0] if text.count(":") == 1 else text
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise refused("address-unread") from None
    if address.version != 4:
        raise refused("address-too-new")
    if address.is_loopback:
        raise refused("address-loopback")
    if not is_own_address(str(address)):
        raise refused("no-address")
    return str(address)


def is_own_address(address: str) -> bool:
    """Say whether this computer has an address, or it leads each computer to itself."""
    own = {entry.address for entries in psutil.net_if_addrs().values() for entry in entries}
    return address in own or address.startswith("127.")


def _kind(name: str, address: str, ports: Mapping[str, str]) -> Kind:
    """Return the kind of a network by what the system says of it, and by how such networks are named."""
    if ipaddress.ip_address(address).is_link_local:
        return "alone"
    known = ports.get(name, name)
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = (("vpn", _VPN), ("virtual", _VIRTUAL))
    for kind, pattern in kinds:
        if pattern.search(known):
            return kind
    if _WIFI.search(known) or any((_SYSTEM / name / entry).exists() for entry in ("wireless", "phy80211")):
        return "wifi"
    return "cable" if _CABLE.search(known) else "other"


def _usual_address() -> str:
    """Return the address from which this computer reaches the internet, or nothing."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # nothing is sent; it only asks which way it would go
        return str(probe.getsockname()[0])
    return ""


@functools.cache
def _mac_port_names() -> Mapping[str, str]:
    """Return how macOS calls its networks for people, such as Wi-Fi for en0; nothing elsewhere."""
    tool = shutil.which("networksetup")
    listed = ""
    if tool:
        command = [tool, "-listallhardwareports"]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            listed = subprocess.run(command, capture_output=True, text=True, timeout=3, check=True).stdout
    return read_port_names(listed)


def read_port_names(listed: str) -> dict[str, str]:
    r"""Return the names of networks by device, from the list of `networksetup -listallhardwareports`.

    >>> read_port_names("Hardware Port: Wi-Fi\nDevice: en0\nEthernet Address: 0a:00:00:00:00:01\n")
    {'en0': 'Wi-Fi'}
    """
    return {device: name for name, device in re.findall(r"^Hardware Port: (.+)\nDevice: (\S+)$", listed, re.M)}
