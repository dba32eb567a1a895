"""Services of tenants."""
