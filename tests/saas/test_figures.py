"""Figures as people type them."""

from decimal import Decimal

import pytest
from marshmallow import ValidationError

from saas.figures import Figure


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1200", "1200.00"),
        ("£1,200", "1200.00"),
        (" £ 1 200.5 ", "1200.50"),
        ("1,200,000.99", "1200000.99"),
        ("0.5", "0.50"),
    ],
)
def test_a_figure_is_read_as_it_is_written(typed: str, read: str) -> None:
    assert Figure(places=2).deserialize(typed) == Decimal(read)


@pytest.mark.parametrize("typed", ["many", "12,00", "1,2,3", "£", "1.2.3", "€5"])
def test_what_could_mean_two_things_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError):
        Figure(places=2).deserialize(typed)
