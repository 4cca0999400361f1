"""`saan standard`: which field of the standard travels in which event."""

from saan.cli.options import Json, Schemas, settings
from saan.cli.printing import as_json
from saan.governance.standard import EVERY_TABLE, carried, markdown
from saan.wire import files


def standard(schemas: Schemas = None, json: Json = False) -> None:
    """ช่องข้อมูลของมาตรฐานอยู่ในเหตุการณ์ใด · Where every field of the standard travels, and why some do not.

    Prints the table of the guide in `schemas/README.md`, for putting it there anew.
    """
    folder = files.read(files.default_folder(settings(None, schemas=schemas).schemas))
    if not json:
        print(markdown(folder))
        return
    found = carried(folder)
    as_json(
        [
            {
                "table": row["table"],
                "field": row["field"],
                "mark": row["mark"],
                "carried": found.get((row["table"], row["field"]), []),
                "reason": {"th": row["reason_th"], "en": row["reason_en"]} if row["reason_en"] else None,
            }
            for row in folder.standard
            if row["table"] != EVERY_TABLE
        ]
    )
