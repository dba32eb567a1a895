"""A storage keeps a file once per namespace, whole or not at all; the folder and real S3 do the same."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from saas import clock
from saas.files import FileMissing, Received, Storage, storage_at
from saas.files.buckets import S3
from saas.files.folders import LocalFolder
from tests.factories.buckets import KEY, SECRET

COUNCIL, OTHER = "0198c0de-0000-7000-8000-000000000001", "0198c0de-0000-7000-8000-000000000002"


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    if request.param == "folder":
        yield storage_at(f"file://{tmp_path / 'kept'}")
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    found = storage_at(request.getfixturevalue("bucket"))
    yield found
    assert isinstance(found, S3)
    found.client.close()


def test_a_file_is_kept_under_its_digest_in_its_own_namespace(
    storage: Storage, received: Callable[..., Received]
) -> None:
    file = received(b"%PDF-" + os.urandom(600_000))
    name = file.sha256
    assert not storage.exists(COUNCIL, name)
    assert storage.put(COUNCIL, file) == f"{COUNCIL}/{name[:2]}/{name}"
    assert storage.put(COUNCIL, file) == f"{COUNCIL}/{name[:2]}/{name}"
    assert (storage.exists(COUNCIL, name), storage.exists(OTHER, name)) == (True, False)
    assert storage.size(COUNCIL, name) == file.size
    with storage.open(COUNCIL, name) as opened:
        assert (opened.size, b"".join(opened)) == (file.size, file.path.read_bytes())
    with storage.open(COUNCIL, name, start=5, length=300_000) as opened:
        assert (opened.size, b"".join(opened)) == (file.size, file.path.read_bytes()[5:300_005])
    with storage.open(COUNCIL, name, start=file.size - 3) as opened:
        assert (opened.size, b"".join(opened)) == (file.size, file.path.read_bytes()[-3:])
    storage.put(OTHER, file)
    storage.delete(COUNCIL, name)
    storage.delete(COUNCIL, name)
    assert (storage.exists(COUNCIL, name), storage.exists(OTHER, name)) == (False, True)


def test_every_file_is_listed_by_namespace(storage: Storage, received: Callable[..., Received]) -> None:
    files = [received(b"%PDF-" + os.urandom(9)) for _ in range(3)]
    names = sorted(file.sha256 for file in files)
    for file in files:
        storage.put("listed-1", file)
    storage.put("listed-11", files[0])
    assert sorted(storage.list_files("listed-1")) == [("listed-1", name) for name in names]
    assert {*storage.list_files()} >= {("listed-11", files[0].sha256), *(("listed-1", name) for name in names)}
    assert list(storage.list_files("listed-2")) == []


def test_a_file_that_is_put_again_counts_as_put_now(
    storage: Storage, received: Callable[..., Received], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks for files that nobody wants any more then leaves it alone."""
    monkeypatch.setattr(S3, "put_lately", timedelta(0))
    file = received()
    storage.put("put-1", file)
    first = storage.put_at("put-1", file.sha256)
    time.sleep(1.1)  # an S3 server tells whole seconds
    storage.put("put-1", file)
    again = storage.put_at("put-1", file.sha256)
    assert timedelta(seconds=1) <= again - first < timedelta(seconds=30)
    assert abs(clock.now() - again) < timedelta(seconds=30)
    with pytest.raises(FileMissing):
        storage.put_at("put-1", "0" * 64)


def test_only_what_was_cut_off_before_is_cleared(storage: Storage, received: Callable[..., Received]) -> None:
    file = received()
    storage.put("whole-1", file)
    if isinstance(storage, LocalFolder):
        storage.arriving.mkdir(exist_ok=True)
        (storage.arriving / "a-piece").write_bytes(b"%PD")
    elif isinstance(storage, S3):
        storage.client.put_object(Bucket=storage.bucket, Key=f"{storage.prefix}.arriving/a-piece", Body=b"%PD")
    now, hour = clock.now(), timedelta(hours=1)
    assert [storage.clear_arriving(now - hour), storage.clear_arriving(now + hour)] == [0, 1]
    assert (storage.clear_arriving(now + hour), storage.exists("whole-1", file.sha256)) == (0, True)


def test_a_missing_file_is_named_as_missing(storage: Storage) -> None:
    with pytest.raises(FileMissing):
        storage.open(COUNCIL, "0" * 64)
    with pytest.raises(FileMissing):
        storage.size(COUNCIL, "0" * 64)


@pytest.mark.parametrize(("namespace", "sha256"), [("../x", "0" * 64), ("", "0" * 64), (COUNCIL, "../../etc/passwd")])
def test_a_name_that_is_no_digest_never_becomes_a_path(storage: Storage, namespace: str, sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        storage.open(namespace, sha256)


def test_the_check_writes_and_removes_a_probe(storage: Storage, tmp_path: Path) -> None:
    storage.check()
    assert [path for path in (tmp_path / "kept").rglob("*") if path.is_file()] == []


def test_an_address_that_is_no_storage_is_refused() -> None:
    with pytest.raises(ValueError, match=r"file:/// or s3://"):
        storage_at("ftp://host/folder")
