"""What tenants brings to the house: its pages, reactions and commands."""

from __future__ import annotations

from saas.app import Feature
from tenants.queries.access import load_viewer

FEATURE = Feature("tenants", load_viewer=load_viewer)
