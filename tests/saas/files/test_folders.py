"""A folder keeps a file whole or not at all, and says when it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from saas.files import Received, StorageUnavailable
from saas.files.folders import LocalFolder

COUNCIL = "0198c0de-0000-7000-8000-000000000001"


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
