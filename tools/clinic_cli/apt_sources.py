"""Reads the machine's own apt sources to find Debian's archive.

The repository names no server: whatever mirror the machine trusts is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import ClinicError, ExitCode

ETC_APT = Path("/etc/apt")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

_RELEASES = "bullseye|bookworm|trixie|forky|duke|sid|oldstable|stable|testing|unstable"
_DEBIAN_SUITE = re.compile(rf"({_RELEASES})(-updates|-backports)?")
_ONE_LINE = re.compile(
    r"deb\s+(?:\[(?P<options>[^\]]*)\]\s+)?(?P<uri>\S+)\s+(?P<suite>\S+)\s+(?P<components>.+)"
)


@dataclass(frozen=True)
class Source:
    """One binary archive that apt is told of."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""
    trusted: bool = False

    @property
    def is_debian(self) -> bool:
        """Whether this is Debian's main archive: no security, no third party."""
        return (
            "main" in self.components
            and all(_DEBIAN_SUITE.fullmatch(suite) for suite in self.suites)
            and (
                not self.signed_by.startswith("/")
                or Path(self.signed_by).name.startswith("debian-archive")
            )
        )

    def line_for(self, suite: str) -> str:
        """A one-line source for another ``suite`` of the same archive."""
        keyring = self.signed_by if self.signed_by.startswith("/") else KEYRING
        options = "trusted=yes" if self.trusted else f"signed-by={keyring}"
        return f"deb [{options}] {self.uri} {suite} main\n"


def parse_one_line(text: str) -> Iterator[Source]:
    """The sources of a ``.list`` file."""
    for raw in text.splitlines():
        match = _ONE_LINE.fullmatch(raw.split("#")[0].strip())
        if match:
            options = dict(
                option.split("=", 1)
                for option in (match["options"] or "").split()
                if "=" in option
            )
            yield Source(
                uri=match["uri"],
                suites=(match["suite"],),
                components=tuple(match["components"].split()),
                signed_by=options.get("signed-by", ""),
                trusted=options.get("trusted") == "yes",
            )


def parse_deb822(text: str) -> Iterator[Source]:
    """The sources of a ``.sources`` file."""
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if (
            "deb" not in fields.get("types", "").split()
            or fields.get("enabled", "yes").lower() == "no"
        ):
            continue
        for uri in fields.get("uris", "").split():
            yield Source(
                uri=uri,
                suites=tuple(fields.get("suites", "").split()),
                components=tuple(fields.get("components", "").split()),
                signed_by=fields.get("signed-by", ""),
                trusted=fields.get("trusted", "").lower() == "yes",
            )


def debian_source(etc_apt: Path = ETC_APT) -> Source:
    """The machine's own entry for Debian's archive.

    :raises ClinicError: when the machine has none.
    """
    for source in _all_sources(etc_apt):
        if source.is_debian:
            return source
    raise ClinicError(
        "Debian's archive is not among this machine's apt sources, "
        "and Odoo 19 is taken from there.",
        "Add a Debian main entry below /etc/apt (with the package "
        "debian-archive-keyring), or name an Odoo 19.0 checkout: "
        "./clinic demo --odoo PATH",
        ExitCode.SYSTEM,
    )


def _fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace():
            fields[name] = f"{fields.get(name, '')} {line.strip()}"
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def _all_sources(etc_apt: Path) -> Iterator[Source]:
    parts = etc_apt / "sources.list.d"
    for path in (etc_apt / "sources.list", *sorted(parts.glob("*.list"))):
        if path.is_file():
            yield from parse_one_line(path.read_text())
    for path in sorted(parts.glob("*.sources")):
        yield from parse_deb822(path.read_text())
