"""Queries of tenants."""
