"""Sign-in by another site: an ID token counts only when everything in it is for us, now, and signed by its issuer."""

from __future__ import annotations

import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from saas import oidc

DIRECTORY = "6d3f0d5a-1111-4222-8333-944445555666"
CLIENT_ID = "charterway"
BACK = "http://localhost/sign-in/return/1"
KEY = RSAKey.generate_key(2048, {"kid": "of-the-site", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "of-the-site", "use": "sig"})


@dataclass
class Issuer:
    """A site that says whatever it is told to say."""

    url: str = ""
    description: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: Any = field(default_factory=lambda: KEY)
    token: str = ""
    """Said as it is, instead of what is signed."""
    asked: list[dict[str, str]] = field(default_factory=list)
    published: list[Any] = field(default_factory=lambda: [KEY])
    keys_asked: int = 0

    def answer(self, path: str) -> dict[str, Any]:
        """What stands at a path."""
        if path == oidc.DISCOVERY:
            usual = {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize?p=1",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
            return usual | self.description
        if path == "/keys":
            self.keys_asked += 1
            return {"keys": [key.as_dict(private=False) for key in self.published]}
        if self.token:
            return {"id_token": self.token}
        header = {"alg": self.algorithm, "kid": self.key.as_dict().get("kid", "of-the-site")}
        return {"id_token": jwt.encode(header, self.claims, self.key, algorithms=[self.algorithm])}

    def say(self, begun: oidc.Begun, **more: Any) -> None:
        """Say what a right ID token says, but for this; None leaves a claim out."""
        now = int(time.time())
        usual = {
            "iss": self.url, "aud": CLIENT_ID, "sub": "s1", "exp": now + 300, "iat": now, "nonce": begun.nonce,
            "email": "Ada@Council.example", "email_verified": True, "name": "Ada",
        }  # fmt: skip
        self.claims = {name: value for name, value in (usual | more).items() if value is not None}


@pytest.fixture
def issuer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Issuer]:
    """The site on a loopback port, which may be asked."""
    site = Issuer()
    monkeypatch.setattr(oidc, "_keys", {})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = orjson.dumps(site.answer(self.path))
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            read = {name: values[0] for name, values in parse_qs(sent).items()}
            site.asked.append(read | {"authorization": self.headers.get("Authorization", "")})
            self.do_GET()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.url = f"http://localhost:{server.server_port}"
    allowed = (f"localhost:{server.server_port}",)
    monkeypatch.setitem(app.config, "CHARTERWAY", replace(app.config["CHARTERWAY"], outside_allow=allowed))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        with app.app_context():
            yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def client_of(issuer: Issuer) -> oidc.Client:
    """What the site knows us by."""
    return oidc.Client(issuer.url, CLIENT_ID, "a+secret with spaces")


def finish(issuer: Issuer, begun: oidc.Begun, **more: str) -> oidc.Proof:
    """Come back with a code."""
    return oidc.finish(client_of(issuer), begun, BACK, {"state": begun.state, "code": "c0de"} | more)


def test_a_right_token_proves_who_somebody_is(issuer: Issuer) -> None:
    begun = oidc.begin(client_of(issuer), BACK, address_hint="ada@council.example")
    sent = parse_qs(urlsplit(begun.address).query)
    assert (sent["p"], sent["state"], sent["login_hint"]) == (["1"], [begun.state], ["ada@council.example"])
    issuer.say(begun, amr=["pwd", "mfa"])
    proof = finish(issuer, begun)
    assert proof == oidc.Proof("s1", "ada@council.example", "Ada", factor=True)
    (asked,) = issuer.asked
    assert asked == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": BACK,
        "code_verifier": begun.verifier,
        "authorization": asked["authorization"],
    }
    assert asked["authorization"].startswith("Basic ")


def test_the_secret_goes_into_the_body_where_the_site_wants_it_there(issuer: Issuer) -> None:
    issuer.description = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    finish(issuer, begun)
    assert (issuer.asked[0]["client_secret"], issuer.asked[0]["authorization"]) == ("a+secret with spaces", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://other.example"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another client"]},
        {"aud": [CLIENT_ID, "another client"], "azp": "another client"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "s" * 256},
        {"email_verified": False},
        {"email_verified": None},
        {"email": "no address"},
        {"amr": "mfa"},
    ],
)
def test_whatever_is_wrong_in_a_token_lets_nobody_in(issuer: Issuer, wrong: dict[str, Any]) -> None:
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun, **wrong)
    with pytest.raises(oidc.NotProved):
        finish(issuer, begun)


def test_a_token_that_its_issuer_did_not_sign_lets_nobody_in(issuer: Issuer) -> None:
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    issuer.key = OTHER_KEY
    with pytest.raises(oidc.NotProved):
        finish(issuer, begun)
    issuer.key, issuer.algorithm = OctKey.import_key("a+secret with spaces, long enough to sign"), "HS256"
    with pytest.raises(oidc.NotProved):
        finish(issuer, begun)


def test_the_keys_are_asked_for_once_until_the_site_signs_with_another_or_they_are_old(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1_000.0]
    monkeypatch.setattr("saas.oidc.time.monotonic", lambda: clock[0])
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    asked = []

    def come_back(seconds: int) -> str:
        clock[0] += seconds
        try:
            return finish(issuer, begun).subject
        except oidc.NotProved:
            return "nobody"
        finally:
            asked.append(issuer.keys_asked)

    came = [come_back(0), come_back(1), come_back(100)]
    changed = RSAKey.generate_key(2048, {"kid": "changed", "use": "sig"})
    issuer.key, issuer.published = changed, [changed]
    came += [come_back(1), come_back(oidc.KEYS_LIFE - 1)]
    issuer.published = [KEY]  # what the site has withdrawn counts for an hour at most
    came += [come_back(2)]
    assert (came, asked) == (["s1", "s1", "s1", "s1", "s1", "nobody"], [1, 1, 1, 2, 2, 3])


def test_what_fits_no_key_makes_the_site_be_asked_once_a_minute(issuer: Issuer) -> None:
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    assert finish(issuer, begun).subject == "s1"
    issuer.key = OTHER_KEY
    for _ in range(3):
        with pytest.raises(oidc.NotProved):
            finish(issuer, begun)
    assert issuer.keys_asked == 1


def test_a_token_without_a_signature_lets_nobody_in(issuer: Issuer) -> None:
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    parts = (urlsafe_b64encode(orjson.dumps(part)).rstrip(b"=") for part in ({"alg": "none"}, issuer.claims))
    issuer.token = b".".join(parts).decode() + "."
    with pytest.raises(oidc.NotProved):
        finish(issuer, begun)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"authorization_endpoint": "http://169.254.169.254/authorize"},
        {"token_endpoint": "http://signin.example/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"token_endpoint_auth_methods_supported": ["private_key_jwt"]},
    ],
)
def test_a_description_that_leads_elsewhere_is_not_followed(issuer: Issuer, described: dict[str, Any]) -> None:
    issuer.description = described
    with pytest.raises(oidc.NotProved):
        oidc.begin(client_of(issuer), BACK)


def test_an_answer_of_another_site_is_not_taken(issuer: Issuer) -> None:
    begun = oidc.begin(client_of(issuer), BACK)
    issuer.say(begun)
    for more in ({"state": "x"}, {"iss": "https://other.example"}, {"error": "access_denied"}, {"code": ""}):
        with pytest.raises(oidc.NotProved):
            finish(issuer, begun, **more)
    issuer.description = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(oidc.NotProved):
        finish(issuer, begun)
    assert issuer.asked == []
    assert finish(issuer, begun, iss=issuer.url).subject == "s1"


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        (
            {"tid": DIRECTORY, "preferred_username": "Ada@Council.example", "email": "b@x.example"},
            "ada@council.example",
        ),
        ({"tid": DIRECTORY, "email": "ada@council.example", "email_verified": True}, None),
        ({"tid": "another", "preferred_username": "ada@council.example"}, None),
    ],
)
def test_entra_answers_for_the_sign_in_name_of_its_own_directory(claims: dict[str, Any], address: str | None) -> None:
    issuer = f"https://login.microsoftonline.com/{DIRECTORY}/v2.0"
    if address is None:
        with pytest.raises(oidc.NotProved):
            oidc._address(issuer, claims)
    else:
        assert oidc._address(issuer, claims) == address
