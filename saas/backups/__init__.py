"""Backups: everything the service keeps, in one folder that proves itself, and back into an empty instance."""

from saas.backups.making import Made, backup
from saas.backups.manifest import Manifest, read_manifest
from saas.backups.rehearsing import Outcome, owner_known, rehearse
from saas.backups.restoring import refuse_in_use, restore

__all__ = [
    "Made",
    "Manifest",
    "Outcome",
    "backup",
    "owner_known",
    "read_manifest",
    "refuse_in_use",
    "rehearse",
    "restore",
]
