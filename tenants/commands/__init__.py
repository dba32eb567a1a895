"""Commands of the tenants."""
