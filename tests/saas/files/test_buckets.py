"""A bucket takes only what arrived whole, from who holds its keys."""

from collections.abc import Callable

import pytest

from saas.files import Received, StorageUnavailable, storage_at
from saas.files.buckets import S3
from tests.factories.buckets import KEY, SECRET

COUNCIL = "0198c0de-0000-7000-8000-000000000001"


def test_s3_refuses_wrong_keys_and_lost_content(
    bucket: str, received: Callable[..., Received], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another secret")
    wrong = storage_at(bucket)
    with pytest.raises(StorageUnavailable, match="the bucket files refused put_object: SignatureDoesNotMatch"):
        wrong.check()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    right, file = storage_at(bucket), received()
    file.path.write_bytes(file.path.read_bytes()[::-1])
    with pytest.raises(StorageUnavailable, match="refused put_object: BadDigest"):
        right.put(COUNCIL, file)
    assert not right.exists(COUNCIL, file.sha256)
    for one in (wrong, right):
        assert isinstance(one, S3)
        one.client.close()
