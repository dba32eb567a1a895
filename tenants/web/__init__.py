"""Web of tenants."""
