"""Files: received, judged by their content, kept under their digest and handed out as attachments."""

from flask import Flask, render_template

from saas import outages
from saas.config import Config
from saas.files.keeping import FileMissing, OpenFile, Storage, StorageUnavailable
from saas.files.kinds import ACCEPTED, CONTENT_TYPES, FileRefused
from saas.files.previews import Preview, PreviewRefused, pdf_page_png, preview_of
from saas.files.receiving import Received, display_name, receive
from saas.files.scanning import Malware, ScannerUnavailable, check_scanner, is_scanning, scan, scan_stored
from saas.files.serving import attachment_response, composed_response, content_disposition
from saas.files.storage import check, quota_bytes, storage, storage_at
from saas.files.texts import NoText, text_pages

__all__ = [
    "ACCEPTED",
    "CONTENT_TYPES",
    "FileMissing",
    "FileRefused",
    "Malware",
    "NoText",
    "OpenFile",
    "Preview",
    "PreviewRefused",
    "Received",
    "ScannerUnavailable",
    "Storage",
    "StorageUnavailable",
    "attachment_response",
    "check",
    "check_scanner",
    "composed_response",
    "content_disposition",
    "display_name",
    "install",
    "is_scanning",
    "pdf_page_png",
    "preview_of",
    "quota_bytes",
    "receive",
    "scan",
    "scan_stored",
    "storage",
    "storage_at",
    "text_pages",
]


def install(app: Flask) -> None:
    """Give the app the storage its settings name, and a page for when that storage is away."""
    config: Config = app.config["CHARTERWAY"]
    app.extensions["charterway_storage"] = storage_at(config.storage_url)

    @app.errorhandler(StorageUnavailable)
    def away(error: StorageUnavailable) -> tuple[str, int]:
        app.logger.error("the storage is away: %s", error)
        outages.as_to_nobody()
        status = 507 if outages.is_full(error) else 503
        return render_template(f"errors/{status}.html", error=error), status
