"""Councils and regions as tenants: people, members, evidence, plans."""
