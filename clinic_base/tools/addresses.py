"""Addresses of visitors."""

from __future__ import annotations

from ipaddress import ip_address, ip_network


def get_network(address: str) -> str:
    """What one household has: an IPv4 address, or the first 64 bits of an IPv6 one.

    A text that is no address stands for itself.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))
