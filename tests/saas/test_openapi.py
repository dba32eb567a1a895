"""The API's description can be followed: what it demands can be sent."""

from __future__ import annotations

import gzip

import jsonschema_rs
from flask import Flask

from saas.openapi import describe
from tests.checking_client import CheckingClient


def test_a_file_can_be_sent_with_what_stands_beside_it(built_app: Flask) -> None:
    with built_app.app_context():
        document = describe(built_app)
    (name,) = [
        told["requestBody"]["content"]["multipart/form-data"]["schema"]["$ref"]
        for each in document["paths"].values()
        for told in each.values()
        if told["operationId"] == "importActions"
    ]
    validator = jsonschema_rs.validator_for({"$ref": name, "components": document["components"]})
    sent = ({"file": "content"}, {"file": "content", "dry_run": True}, {}, {"file": "content", "unknown": 1})
    assert [validator.is_valid(each) for each in sent] == [True, True, False, False]


def test_the_description_is_sent_packed_and_only_once(client: CheckingClient) -> None:
    address = "/api/v1/openapi.json"
    plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10
    told = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = client.get(address, headers=told)
    assert (again.status_code, again.data, packed.headers["Vary"]) == (304, b"", "Accept-Encoding, Cookie")
