"""Tables of the tenants: importing this package makes all of them known."""

from tenants.models import access, councils, evidence, imports, members, notices, offices, plans

__all__ = ["access", "councils", "evidence", "imports", "members", "notices", "offices", "plans"]
