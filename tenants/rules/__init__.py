"""Rules of tenants."""
