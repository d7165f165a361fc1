"""Where a provider is reached, and whether a key and a text may be sent there."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from byline.models.errors import Misconfigured
from byline.models.question import Provider
from byline.models.settings import ModelSettings

OFFICIAL: Mapping[Provider, str] = {"claude": "https://api.anthropic.com", "openai": "https://api.openai.com/v1"}
BASE_URL_VARIABLES: Mapping[Provider, str] = {"claude": "ANTHROPIC_BASE_URL", "openai": "OPENAI_BASE_URL"}

# GitHub Models ended on 30 July 2026, its older address on 17 October 2025 (github.blog/changelog).
_RETIRED = frozenset({"models.github.ai", "models.inference.ai.azure.com"})
_AZURE = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The address of a provider, checked. `url` has no slash at its end; `query` belongs after every path."""

    provider: Provider
    url: str
    host: str
    loopback: bool
    query: str = ""

    @property
    def official(self) -> bool:
        """Whether this is the provider's own address."""
        return self.host == urlsplit(OFFICIAL[self.provider]).hostname

    @property
    def azure(self) -> bool:
        """Whether this is OpenAI on Azure, which wants its key in a header of its own."""
        return self.host.endswith(_AZURE)

    def path(self, name: str) -> str:
        """The full address of `name` below this one."""
        return f"{self.url}/{name}" + (f"?{self.query}" if self.query else "")


def given_url(provider: Provider, settings: ModelSettings, env: Mapping[str, str]) -> str:
    """The address that the user gave for `provider`: the setting, else the variable. Empty where there is none."""
    own = settings.claude_base_url if provider == "claude" else settings.openai_base_url
    return own or env.get(BASE_URL_VARIABLES[provider], "")


def endpoint_for(provider: Provider, settings: ModelSettings, env: Mapping[str, str]) -> Endpoint:
    """Where `provider` is reached. Raises Misconfigured for an address that nothing may be sent to."""
    url = given_url(provider, settings, env) or OFFICIAL[provider]
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        _ = parts.port
    except ValueError:
        raise Misconfigured(_wrong(provider, "is not a web address"), provider=provider) from None
    loopback = _is_loopback(host)
    if problem := _problem(parts, host, loopback):
        raise Misconfigured(_wrong(provider, problem), provider=provider)
    base = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
    return Endpoint(provider, base, host, loopback, parts.query)


def _problem(parts: SplitResult, host: str, loopback: bool) -> str | None:
    if parts.scheme not in ("https", "http") or not host:
        return "must begin with https://"
    if "@" in parts.netloc:
        return "must not hold a name or a password; put the key where keys belong"
    if host in _RETIRED:
        return (
            "is that of GitHub Models, which ended on 30 July 2026; use https://api.openai.com/v1, an endpoint of "
            "Microsoft Foundry, or a model on this machine (http://localhost:11434/v1)"
        )
    if parts.scheme == "http" and not loopback:
        return "must begin with https://: without it your code and your key would be readable on the way"
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wrong(provider: Provider, what: str) -> str:
    return f"The address of {provider} (`models.{provider}BaseUrl` or {BASE_URL_VARIABLES[provider]}) {what}."
