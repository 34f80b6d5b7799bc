"""Networks as the environment names them."""

from ipaddress import IPv4Network, IPv6Network, ip_network

from django.core.exceptions import ImproperlyConfigured


def networks(blocks: list[str]) -> list[IPv4Network | IPv6Network]:
    """`10.1.0.0/16` and the like; one that is none is refused by name."""
    try:
        return [ip_network(block.strip()) for block in blocks if block.strip()]
    except ValueError as error:
        raise ImproperlyConfigured(f"A network must look like 10.1.0.0/16: {error}.") from error
