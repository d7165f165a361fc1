"""A key and a text go only to whom the certificate names."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from asking import KEYS, WIRES, models_of, question
from fault_server import TEXT, FaultServer, answer

from byline.models import EnvironmentKeys, ModelError, Models, ModelSettings
from byline.models import connection as connections


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody trusts, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([openssl, *command.split(), "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True)
    with path.open("a") as both:
        both.write(Path(f"{path}.crt").read_text())
    return path


def tls_of(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(autouse=True)
def trust_again() -> None:
    """Whom to trust is found out once; each test has its own answer."""
    connections._trust.cache_clear()


@asynccontextmanager
async def deaf_server() -> AsyncIterator[int]:
    """The port of a server that answers everything with plain text."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize("provider", WIRES)
async def test_an_unknown_certificate(provider: str, certificate: Path) -> None:
    async with FaultServer(WIRES[provider](), answer(), tls=tls_of(certificate)) as server:
        models = models_of(server)
        with pytest.raises(ModelError, match="certificate is not trusted") as caught:
            await models.ask(question())
        assert caught.value.kind == "unavailable"
        assert "SSL_CERT_FILE" in caught.value.problem
        assert not server.exchanges
        await models.aclose()


@pytest.mark.parametrize("provider", WIRES)
async def test_a_certificate_that_the_user_trusts(
    provider: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    async with FaultServer(WIRES[provider](), answer(), tls=tls_of(certificate)) as server:
        models = models_of(server)
        assert (await models.ask(question())).text == TEXT
        await models.aclose()


@pytest.mark.parametrize("provider", WIRES)
async def test_a_server_without_tls(provider: str) -> None:
    async with deaf_server() as port:
        env = {"ANTHROPIC_API_KEY": KEYS["claude"], "OPENAI_API_KEY": KEYS["openai"]}
        settings = ModelSettings(
            order=(provider,),  # type: ignore[arg-type]
            claude_base_url=f"https://127.0.0.1:{port}",
            openai_base_url=f"https://127.0.0.1:{port}",
            openai_model="m",
        )
        models = Models(settings, EnvironmentKeys(env), env=env)
        with pytest.raises(ModelError, match="does not speak TLS"):
            await models.ask(question())
        await models.aclose()
