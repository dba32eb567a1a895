"""What goes along when a council is taken away: its tables, the columns left out, and what its rows refer to."""

from __future__ import annotations

FORMAT = 1
MANIFEST, TABLES, FILES, READ_ME = "manifest.json", "tables/", "files/", "read-me.txt"
"""The names inside the ZIP file."""

LEFT = {
    "directories": "Belongs to the directory that is joined to this service.",
    "invitations": "Secrets of those who were invited; they are invited anew.",
    "provisioned_users": "Belongs to the directory that is joined to this service.",
    "sign_in_providers": "Holds the secret of a sign-in that is made for this service.",
    "successions": "Names another council, which is not taken along.",
    "tokens": "Secrets of programs.",
    "webhook_deliveries": "What was sent from this service.",
    "webhooks": "Secrets of receivers that trust this service.",
}
"""Tables that the council can read and that stay, each with the reason."""

BLANKED = {"contribution_requests": ("key_hash",), "signature_requests": ("key_hash",)}
"""Table → columns that stay: what opens a link that was mailed."""

OF_COUNCIL = "council_id = :council"
FRAMEWORKS = "select framework_id from accreditations where council_id = :council"
REFERRED = {
    "regions": "id = :region",
    "councils": "id = :council",
    "frameworks": f"id in ({FRAMEWORKS})",
    "requirements": f"framework_id in ({FRAMEWORKS})",
    "process_versions": "region_id = :region",
    "register_entries": "certificate_number in (select certificate_number from awards where council_id = :council)",
}
"""Tables without a council of their own that the council's rows refer to → which of their rows go along."""

CHAINED = ("scope", "seq", "previous_hash", "hash")
"""Columns of events that say where in a log they stand: in another service they stand elsewhere."""

WORDS = """Everything that {council} keeps in Charterway, as it stood at {moment}.

manifest.json   what is here: every table with its number of rows and its digest
tables/         one table to a file, one row to a line, as JSON; times are UTC
files/          evidence and other files under their SHA-256; tables/evidence_versions.jsonl
                and tables/submission_files.jsonl say what each was called

Left out are passwords and other secrets, and what the council cannot read in the service: assessors'
scores and notes, and what the region keeps for itself.

To go on working with it in another Charterway: charterway import council FILE.zip
"""
