"""The making of the file about one person: everything the tables hold about him or her, to read and for a program."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

import orjson
from flask import current_app

from saas import clock
from tenants.models.data_protection import PreparedFile
from tenants.queries.access import find_viewer
from tenants.queries.personal_data import list_parts
from tenants.services.prepared_files import makes

PAGE, DATA = "my-data.html", "my-data.json"
EPOCH = (2020, 1, 1, 0, 0, 0)


@makes("person")
def make_personal_file(asked: PreparedFile, stream: BinaryIO) -> None:
    """Write the ZIP file: a page to read, and the same as JSON; in the scope of the person it is about."""
    parts = list_parts()
    viewer = find_viewer(asked.user_id)
    places = {str(place.id): place.name for place in viewer.places} if viewer else {}
    made_at = clock.now()
    name = viewer.name if viewer else ""
    template = current_app.jinja_env.get_template("tenants/prepared_files/about_person.html")
    page = template.render(parts=parts, places=places, made_at=made_at, name=name)
    document = {
        "made_at": made_at,
        "places": places,
        "parts": [
            {"source": part.source, "title": part.title, "shortened": part.shortened, "rows": part.rows}
            for part in parts
        ],
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(PAGE, EPOCH), page, zipfile.ZIP_DEFLATED)
        data = orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        archive.writestr(zipfile.ZipInfo(DATA, EPOCH), data, zipfile.ZIP_DEFLATED)
