"""A secret planted in every input, and in every answer of a remote side that misbehaves, comes out nowhere: no output, file or error."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from reconciler.report.formats.book import names_for
from tests.live.service import Reply, Service, failure, running
from tests.live.sign_in import signing_in

Rictl = Callable[..., tuple[int, str, str]]
VARIABLES = (
    "RICTL_ACCESS_TOKEN",
    "RICTL_SIGNING_PASSPHRASE",
    "RICTL_VAR_UNUSED",
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN",
    "AZURE_PASSWORD",
    "POWER_PLATFORM_CLIENT_SECRET",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "SYSTEM_ACCESSTOKEN",
    "GITHUB_TOKEN",
)
TENANT, CLIENT = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"


def canary(name: str) -> str:
    return f"canary-{name.replace('_', '-').lower()}-4f81c2"


SECRETS = {
    "WWW-Authenticate": f'Bearer realm="x", error_description="{canary("www-authenticate")}"',
    "Set-Cookie": f"session={canary('cookie')}; path=/",
    "X-Ms-Diagnostics": canary("diagnostics"),
    "Location": f"https://127.0.0.1:9/?code={canary('location')}",
}
PAGE = f"<html><!-- {canary('comment')} --><body>oops</body></html>"
ANSWERS = {
    "401": failure(401, "0x80048306", "unauthorized", **SECRETS),
    "403": Reply(
        403,
        json.dumps({"error": {"code": "0x80040220", "message": "denied", "innererror": {"stacktrace": canary("stack")}}}).encode(),
        {"Content-Type": "application/json", **SECRETS},
    ),
    "503 in HTML": Reply(503, PAGE.encode(), {"Content-Type": "text/html", "Retry-After": "0", **SECRETS}),
    "no JSON": Reply(200, f'{{"value": [{{"x": "{canary("json")}"'.encode(), {"Content-Type": "application/json", **SECRETS}),
    "a redirection": Reply(302, canary("body").encode(), SECRETS),
    "the token sent back": failure(400, "0x0", f"bad header Authorization: Bearer {canary('RICTL_ACCESS_TOKEN')}", **SECRETS),
}


@pytest.fixture
def planted(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in VARIABLES:
        monkeypatch.setenv(name, canary(name))
    monkeypatch.setenv("AZURE_FEDERATED_TOKEN_FILE", str(workspace / "inputs" / "federated"))
    inputs = workspace / "inputs"
    inputs.mkdir()
    (inputs / "federated").write_text(canary("federated"), encoding="utf-8")
    key = Ed25519PrivateKey.generate()
    passphrase = BestAvailableEncryption(canary("RICTL_SIGNING_PASSPHRASE").encode())
    (inputs / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, passphrase))
    monkeypatch.setenv("SIGNING_KEY", (inputs / "key.pem").read_text(encoding="utf-8"))
    return workspace


def secrets() -> list[str]:
    # The body of the key, in PEM, is one more of them.
    return ["canary-", os.environ["SIGNING_KEY"].splitlines()[1]]


def leaks(workspace: Path, *said: str) -> list[str]:
    """Where a secret is found: in what was said, or in any file but the inputs."""
    texts = {f"output {number}": text.encode("utf-8", "surrogatepass") for number, text in enumerate(said)}
    for path in sorted(workspace.rglob("*")):
        if path.is_file() and path.parent.name != "inputs":
            texts[str(path.relative_to(workspace))] = path.read_bytes()
    return [f"{where}: {secret}" for where, content in texts.items() for secret in secrets() if secret.encode() in content]


def every_format(subject: str) -> list[str]:
    names = names_for(subject)  # type: ignore[arg-type]
    return [word for name in names for word in ("--format", f"{name}={subject}.{name}")]


def test_no_secret_of_the_environment_is_in_anything_that_a_whole_round_writes(planted: Path, rictl: Rictl) -> None:
    said: list[str] = []
    for words in (
        ["validate", *every_format("validation")],
        ["plan", "--out", "plan.bin", "--sign", "inputs/key.pem", *every_format("plan")],
        ["plan", "--out", "other.bin", "--sign", "env:SIGNING_KEY"],
        ["show", "plan.bin", *(word.replace("=plan.", "=shown.") for word in every_format("plan"))],
        ["explain", "plan.bin"],
        ["apply", "plan.bin", *every_format("apply")],
        ["apply", "other.bin"],
    ):
        code, out, err = rictl(*words)
        assert code == (3 if words == ["apply", "other.bin"] else 0), out + err
        said += [out, err]

    assert leaks(planted, *said) == []
    assert (planted / ".rictl").is_dir()
    assert len(list(planted.glob("shown.*"))) == len(names_for("plan"))


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service()) as found:
        yield found


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_secret_is_in_what_is_said_of_answers_that_misbehave(planted: Path, rictl: Rictl, service: Service, answer: str) -> None:
    connect_to(planted, service.url)
    service.next = [ANSWERS[answer]] * 50

    said: list[str] = []
    for words in (["plan", "--out", "plan.bin", *every_format("plan")], ["apply", "--auto-approve", *every_format("apply")]):
        code, out, err = rictl(*words, "--allow-host", "127.0.0.1")
        assert code == 1, out + err
        said += [out, err]

    assert service.received[0].headers["authorization"] == f"Bearer {canary('RICTL_ACCESS_TOKEN')}"
    assert leaks(planted, *said) == []


def connect_to(workspace: Path, url: str, rest: str = "") -> None:
    path = workspace / "environments" / "small.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("{emulator: small}", f"{{url: '{url}'{rest}}}"), encoding="utf-8")


@pytest.mark.parametrize(("id_token", "said"), [(None, "AADSTS7000215"), ("canary-id-token", "its answer makes no sense")])
def test_no_secret_is_in_what_is_said_of_a_sign_in_that_is_refused(
    id_token: str | None,
    said: str,
    planted: Path,
    rictl: Rictl,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with signing_in(tmp_path_factory.mktemp("entra")) as entra:
        connect_to(planted, service.url, f", tenantId: {TENANT}, clientId: {CLIENT}")
        monkeypatch.delenv("RICTL_ACCESS_TOKEN")
        monkeypatch.setenv("AZURE_AUTHORITY_HOST", entra.authority)
        monkeypatch.setenv("SSL_CERT_FILE", str(entra.ca_file))
        entra.refusal = {
            "error": "invalid_client",
            "error_description": "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: x",
            "claims": canary("claims"),
            **({"id_token": id_token} if id_token else {}),
        }
        code, out, err = rictl("plan", "--out", "plan.bin", *every_format("plan"), "--allow-host", "127.0.0.1")

    assert code == 1
    assert said in err
    assert entra.forms[0]["client_secret"] == canary("AZURE_CLIENT_SECRET")
    assert leaks(planted, out, err) == []


def test_a_wrong_passphrase_is_not_told(planted: Path, rictl: Rictl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RICTL_SIGNING_PASSPHRASE", canary("wrong"))

    code, out, err = rictl("plan", "--out", "plan.bin", "--sign", "inputs/key.pem")

    assert code == 64
    assert leaks(planted, out, err) == []


def test_a_secret_in_a_file_is_refused_and_not_shown(planted: Path, rictl: Rictl) -> None:
    connect_to(planted, "https://contoso.crm4.dynamics.com", ", clientSecret: canary-in-a-file")
    text = planted / "environments" / "small.yaml"

    said = [part for words in (["validate", *every_format("validation")], ["plan"]) for part in rictl(*words)[1:]]
    text.unlink()

    assert any("error[" in part for part in said)
    assert leaks(planted, *said) == []
