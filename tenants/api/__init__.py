"""What programs read and change: the operations of tenants."""
