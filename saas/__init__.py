"""The ground: the platform, which knows no noun of the domain."""
