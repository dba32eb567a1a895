"""Figures as people type them: with a pound sign, with commas between the thousands, with spaces."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import fields

THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")


class Figure(fields.Decimal):
    """A decimal of a form. "£1,200.50" is 1200.50; a comma that parts no thousands is refused, never guessed at."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).removeprefix("£")
            if THOUSANDS.fullmatch(value):
                value = value.replace(",", "")
        return super()._deserialize(value, attr, data, **kwargs)
