"""Jobs of tenants."""
