"""Why no connection to a provider could be made, or it broke before an answer began, and what to do about it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping

from byline.models.endpoints import Endpoint
from byline.models.errors import ModelError, Unavailable
from byline.models.statuses import shown

_UNTRUSTED = "its certificate is not trusted: behind a company's proxy, let SSL_CERT_FILE name the company's own"
_OUTDATED = "its certificate is not valid today: check this machine's clock, or tell whoever runs it"
_MISNAMED = "its certificate is for another name: check its address"
_NO_TLS = "it does not speak TLS as it should: check its address, and the proxy on the way"

# The codes of OpenSSL's X509_verify_cert_error_string(3).
_CERTIFICATES: Mapping[int, str] = {9: _OUTDATED, 10: _OUTDATED, 62: _MISNAMED, 64: _MISNAMED}


def error_of_connection(error: BaseException, endpoint: Endpoint, model: str) -> ModelError:
    """The error for a connection that could not be made, or broke before an answer began."""
    name = f"{endpoint.provider} at {endpoint.host}"
    causes = list(_causes(error))
    unsafe = next((cause for cause in causes if _is_about_tls(cause)), None)
    if unsafe is not None:
        return Unavailable(
            f"No safe connection to {name}: {_why_unsafe(unsafe)}.",
            provider=endpoint.provider,
            model=model,
            detail=shown(str(unsafe), None),
        )
    refused = any(type(cause).__name__ == "ProxyError" for cause in causes)
    return Unavailable(
        f"{name} cannot be reached: {_hint(causes, endpoint, refused=refused)}.",
        provider=endpoint.provider,
        model=model,
        detail=type(error).__name__,
        retryable=not refused,
    )


def _hint(causes: list[BaseException], endpoint: Endpoint, *, refused: bool) -> str:
    if refused:
        return "the proxy on the way refuses; check what HTTPS_PROXY names, and its password"
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "no such name is known; check its address and the network"
    if endpoint.loopback:
        return "start it, or change its address"
    return "check the network, and the proxy that HTTPS_PROXY names" if _has_proxy(endpoint) else "check the network"


def _has_proxy(endpoint: Endpoint) -> bool:
    """Whether the environment sends what is for `endpoint` through a proxy."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    return ("https" in proxies or "all" in proxies) and not proxy_bypass(endpoint.host)


def _why_unsafe(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, _UNTRUSTED)
    return _NO_TLS


def _is_about_tls(error: BaseException) -> bool:
    # Merely waiting for the other side is an SSLError too, and stands behind every timeout.
    return isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLWantReadError | ssl.SSLWantWriteError)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """`error`, and what stands behind it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__
