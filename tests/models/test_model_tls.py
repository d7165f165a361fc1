"""A key and a text go only to whom the certificate names, and what is in the way is told in time."""

from __future__ import annotations

import asyncio
import importlib
import logging
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from asking import KEYS, PROMPT, VARIABLES, WIRES, question
from fault_server import TEXT, FaultServer, answer

from byline.models import Answer, EnvironmentKeys, ModelError, Models, ModelSettings
from byline.models import connection as connections

HOST = "model.example.test"
PASSWORD = "canary-password"  # of a proxy
AMPLE = 20.0
SHORT = 0.5  # seconds, where only the deadline ends it
GRACE = 0.25

AUTHORITY = """
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


class Certificates:
    """Certificates that sign themselves, each with its key in one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "ca.cnf").write_text(AUTHORITY)
        self.good = self._made("good", "IP:127.0.0.1,DNS:localhost")
        self.proxied = self._made("proxied", f"DNS:{HOST}")
        self.expired = self._made("expired", "IP:127.0.0.1", "20200101000000Z", "20200102000000Z")
        self.early = self._made("early", "IP:127.0.0.1", "20990101000000Z", "20990102000000Z")

    def _made(self, name: str, names: str, start: str = "20200101000000Z", end: str = "20990101000000Z") -> Path:
        request = f"req -new -newkey rsa:2048 -nodes -subj /CN={name} -addext subjectAltName={names} "
        self._run(request + f"-keyout {name}.key -out {name}.csr")
        (self._folder / "index.txt").write_text("")
        (self._folder / "serial").write_text("01")
        sign = f"ca -batch -notext -config ca.cnf -selfsign -keyfile {name}.key -in {name}.csr -out {name}.crt "
        self._run(sign + f"-startdate {start} -enddate {end}")
        both = self._folder / f"{name}.pem"
        both.write_text((self._folder / f"{name}.key").read_text() + (self._folder / f"{name}.crt").read_text())
        return both

    def _run(self, command: str) -> None:
        openssl = shutil.which("openssl")
        if openssl is None:
            pytest.skip("openssl is not installed")
        subprocess.run([openssl, *command.split()], cwd=self._folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module", autouse=True)
def libraries() -> None:
    """Importing them would use up a short deadline."""
    importlib.import_module("anthropic")


@pytest.fixture(autouse=True)
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxies but a test's own. Whom to trust is found out once; each test has its own answer."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    connections._trust.cache_clear()


@pytest.fixture(autouse=True)
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No log of any library holds a key or a word of a prompt, whatever its level."""
    caplog.set_level(logging.DEBUG)
    yield
    logged = "\n".join(map(logging.Formatter().format, caplog.get_records("call")))
    assert not any(secret in logged for secret in (*KEYS.values(), PROMPT, PASSWORD))


# --- who stands at the other end -------------------------------------------------------------------------------------


@asynccontextmanager
async def listening(speak: Any) -> AsyncIterator[int]:
    """The port of a server that deals with each connection by `speak(reader, writer)`."""
    open_: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        open_.add(task)
        try:
            await speak(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_:
            task.cancel()
        await asyncio.gather(*open_, return_exceptions=True)


async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers everything with plain text."""
    await reader.read(10)
    writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Goes away in the middle of the handshake."""
    await reader.read(10)
    sock = writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    writer.transport.abort()


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Listens, and says nothing."""
    await reader.read()


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def models_at(provider: str, url: str) -> Models:
    key, base = VARIABLES[provider]
    env = {key: KEYS[provider], base: url}
    order: Any = (provider,)
    settings = ModelSettings(order=order, openai_model="m", claude_model="m")
    return Models(settings, EnvironmentKeys(env), env=env, chance=lambda: 0.0)


async def outcome(provider: str, url: str, deadline: float = AMPLE) -> Answer | ModelError:
    """What comes of a question, which must be in time."""
    models = models_at(provider, url)
    started = time.monotonic()
    try:
        found: Answer | ModelError = await models.ask(question(), deadline=deadline)
    except ModelError as error:
        found = error
    assert time.monotonic() - started < deadline + GRACE
    await models.aclose()
    return found


# --- certificates ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trust:
    """A server's certificate, the address it is called by, and whether the person trusts who signed it."""

    certificate: str
    host: str = "127.0.0.1"
    trusted: bool = True
    told: str | None = None


CERTIFICATES: dict[str, Trust] = {
    "trusted": Trust("good"),
    "trusted, by name": Trust("good", "localhost"),
    "signed by itself": Trust("good", trusted=False, told="certificate is not trusted.*SSL_CERT_FILE"),
    "for another address": Trust("proxied", told="certificate is for another name: check its address"),
    "for another name": Trust("proxied", "localhost", told="certificate is for another name: check its address"),
    "expired": Trust("expired", told="certificate is not valid today: check this machine's clock"),
    "not valid yet": Trust("early", told="certificate is not valid today: check this machine's clock"),
}


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("name", CERTIFICATES)
async def test_a_certificate_that_is(
    name: str, provider: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CERTIFICATES[name]
    certificate: Path = getattr(certificates, case.certificate)
    if case.trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))
    async with FaultServer(WIRES[provider](), answer(), tls=tls_of(certificate)) as server:
        found = await outcome(provider, server.url.replace("127.0.0.1", case.host))
        check(found, server, None if case.told is None else f"No safe connection to .*{case.told}")


def check(found: Answer | ModelError, server: FaultServer, told: str | None) -> None:
    """An answer, or an error of this wording before anything was sent."""
    if told is None:
        assert isinstance(found, Answer)
        assert found.text == TEXT
    else:
        check_error(found, "unavailable", told)
        assert not server.exchanges


def check_error(found: Answer | ModelError, kind: str, told: str) -> None:
    """An error of this family that says what to do, and nothing of what was to be sent."""
    assert isinstance(found, ModelError)
    assert (found.kind, found.begun) == (kind, False)
    assert re.search(told, found.problem), found.problem
    assert found.problem.endswith(".")
    assert not any(secret in f"{found!r}{found.detail}" for secret in (*KEYS.values(), PROMPT, PASSWORD))


# --- connections -----------------------------------------------------------------------------------------------------

CONNECTIONS: dict[str, tuple[Any, float, str, str]] = {
    "speaks no TLS": (plain, AMPLE, "unavailable", "does not speak TLS.*check its address"),
    "resets the handshake": (reset, AMPLE, "unavailable", "cannot be reached|does not speak TLS"),
    "never shakes hands": (silent, SHORT, "timeout", "did not begin to answer in time: try again"),
}


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("name", CONNECTIONS)
async def test_a_server_that(name: str, provider: str) -> None:
    speak, deadline, kind, told = CONNECTIONS[name]
    async with listening(speak) as port:
        check_error(await outcome(provider, f"https://127.0.0.1:{port}", deadline), kind, told)


@pytest.mark.parametrize("provider", WIRES)
async def test_a_name_that_nobody_knows(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    found = await outcome(provider, f"https://{HOST}")
    check_error(found, "unavailable", f"{HOST} cannot be reached: no such name is known; check its address")


@pytest.mark.parametrize("provider", WIRES)
async def test_a_resolver_that_does_not_answer(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def wait(*_: object, **__: object) -> object:
        over.wait(AMPLE)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", wait)
    try:
        check_error(await outcome(provider, f"https://{HOST}", SHORT), "timeout", "did not begin to answer in time")
    finally:
        over.set()


# --- proxies ---------------------------------------------------------------------------------------------------------


class Proxy:
    """A proxy that joins what is asked for with `port` on this machine, or answers with another status."""

    def __init__(self, port: int = 0, status: str = "200 OK") -> None:
        self._port = port
        self._status = status
        self.asked: list[str] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.asked.append(head.split("\r\n")[0])
        writer.write(f"HTTP/1.1 {self._status}\r\n\r\n".encode())
        if self._status.startswith("200"):
            there = await asyncio.open_connection("127.0.0.1", self._port)
            await asyncio.gather(_pass_on(reader, there[1]), _pass_on(there[0], writer))


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1 << 16):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.mark.parametrize("provider", WIRES)
async def test_the_proxy_of_the_environment_gets_only_what_is_sealed(
    provider: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.proxied.with_suffix(".crt")))
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        server = await enter(FaultServer(WIRES[provider](), answer(), tls=tls_of(certificates.proxied)))
        proxy = Proxy(server.port)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{await enter(listening(proxy))}")
        check(await outcome(provider, f"https://{HOST}"), server, None)
        assert proxy.asked == [f"CONNECT {HOST}:443 HTTP/1.1"]


@pytest.mark.parametrize("provider", WIRES)
async def test_a_proxy_that_looks_into_what_is_sent_is_noticed(
    provider: str, certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        server = await enter(FaultServer(WIRES[provider](), answer(), tls=tls_of(certificates.proxied)))
        port = await enter(listening(Proxy(server.port)))
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        check(await outcome(provider, f"https://{HOST}"), server, "certificate is not trusted.*proxy.*SSL_CERT_FILE")


PROXIES: dict[str, tuple[Any, float, str, str]] = {
    "wants a password": (Proxy(status="407 No"), AMPLE, "unavailable", "the proxy on the way refuses.*HTTPS_PROXY"),
    "forbids it": (Proxy(status="403 No"), AMPLE, "unavailable", "the proxy on the way refuses.*HTTPS_PROXY"),
    "goes away": (reset, AMPLE, "unavailable", "cannot be reached.*the proxy that HTTPS_PROXY names"),
    "says nothing": (silent, SHORT, "timeout", "did not begin to answer in time"),
}


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("name", PROXIES)
async def test_a_proxy_that(name: str, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak, deadline, kind, told = PROXIES[name]
    async with listening(speak) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://ann:{PASSWORD}@127.0.0.1:{port}")
        check_error(await outcome(provider, f"https://{HOST}", deadline), kind, told)


@pytest.mark.parametrize("provider", WIRES)
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"])
async def test_no_proxy_stands_before_this_machine(
    variable: str, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Proxy(status="403 No")
    async with FaultServer(WIRES[provider](), answer()) as server, listening(proxy) as port:
        monkeypatch.setenv(variable, f"http://127.0.0.1:{port}")
        check(await outcome(provider, server.url), server, None)
    assert not proxy.asked


@pytest.mark.parametrize("provider", WIRES)
async def test_whom_no_proxy_names_is_asked_directly(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    proxy = Proxy(status="403 No")
    async with listening(proxy) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NO_PROXY", "example.test")
        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        check_error(await outcome(provider, f"https://{HOST}"), "unavailable", "no such name is known")
    assert not proxy.asked
