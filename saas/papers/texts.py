"""Texts of papers: what people typed, without the characters that no document may hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
BREAKS = re.compile("\r\n|[\x0b\x0c\x85]")


def clean(value: Any) -> Any:
    """The value without control characters in any of its texts; line breaks stay, and what breaks a page is one."""
    return mapped(value, lambda text: CONTROL.sub("", BREAKS.sub("\n", text).replace("\t", " ")))


def mapped(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text in its mappings and lists changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {name: mapped(one, change) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [mapped(one, change) for one in value]
    return value
