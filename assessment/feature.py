"""What assessment brings to the house: its pages, reactions and commands."""

from saas.app import Feature

FEATURE = Feature("assessment")
