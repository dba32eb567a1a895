"""A passkey made of software, which answers as a browser with a real one does."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from uuid import UUID

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def as_text(raw: bytes) -> str:
    """base64url without padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


class SoftKey:
    """One passkey of one person on one device."""

    def __init__(self, user_id: UUID, *, host: str = "localhost", origin: str = "http://localhost") -> None:
        self.id, self.user_id, self.host, self.origin = secrets.token_bytes(16), user_id, host, origin
        self.count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, challenge: bytes) -> str:
        """The browser's answer when it is asked to make it."""
        public = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(PRESENT | VERIFIED | WITH_KEY) + held
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        told = self._told("webauthn.create", challenge)
        return self._answer({"attestationObject": as_text(attested), "transports": ["internal", "odd"]}, told)

    def show(self, challenge: bytes, *, verified: bool = True) -> str:
        """The browser's answer when it is asked to show it. verified: whether the device checked its owner."""
        self.count += 1
        data = self._data(PRESENT | (VERIFIED if verified else 0))
        told = self._told("webauthn.get", challenge)
        signature = self._key.sign(data + hashlib.sha256(told).digest(), ec.ECDSA(SHA256()))
        shown = {
            "authenticatorData": as_text(data),
            "signature": as_text(signature),
            "userHandle": as_text(self.user_id.bytes),
        }
        return self._answer(shown, told)

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _told(self, kind: str, challenge: bytes) -> bytes:
        return json.dumps({"type": kind, "challenge": as_text(challenge), "origin": self.origin}).encode()

    def _answer(self, response: dict[str, object], told: bytes) -> str:
        name = as_text(self.id)
        whole = {"clientDataJSON": as_text(told)} | response
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": whole})
