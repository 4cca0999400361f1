"""Schemas on disk, one file per id: what a station knows although the registry is away."""

import json
import os
import tempfile
from pathlib import Path

import structlog

from saan.wire.registry_types import RegisteredSchema

log = structlog.get_logger()


class SchemaCache:
    """Files ``<id>.json`` in one folder. A file is whole or absent; one that cannot be read counts as absent."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def find(self, id: int) -> RegisteredSchema | None:
        path = self._folder / f"{id}.json"
        try:
            kept = json.loads(path.read_bytes())
            return RegisteredSchema(kept["record"], kept["version"], kept["schema"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("schema-cache.unreadable", schema_id=id, cause=type(error).__name__)
            return None

    def keep(self, id: int, found: RegisteredSchema) -> None:
        """Write the schema down. A disk that refuses costs a later look-up and nothing else."""
        body = json.dumps(
            {"record": found.record, "version": found.version, "schema": found.schema}, ensure_ascii=False
        )
        try:
            handle, name = tempfile.mkstemp(dir=self._folder, prefix=f".{id}-")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(body)
            os.replace(name, self._folder / f"{id}.json")
        except OSError as error:
            log.warning("schema-cache.not-kept", schema_id=id, cause=type(error).__name__)
