"""What a schema registry tells a station, whoever asks it: the two answers and the one doubt."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class RegisteredSchema:
    """One schema that the registry holds.

    ``record`` is the full name of its Avro record, which is also its subject (RecordNameStrategy); ``version`` counts
    from 1 within that subject; ``schema`` is the Avro schema as JSON values.
    """

    record: str
    version: int
    schema: Mapping[str, Any]


class SchemaUnavailable(Exception):
    """Nobody can say now whether this schema id exists: the registry is away and the id was never seen here."""

    def __init__(self, schema_id: int) -> None:
        super().__init__(f"schema {schema_id} cannot be looked up now: the registry does not answer")
        self.schema_id = schema_id


class SchemaSource(Protocol):
    """Where a decision finds the schema behind an id on the wire."""

    def get(self, schema_id: int) -> RegisteredSchema | None:
        """Return the schema, or ``None`` when the registry says that there is none.

        Raises ``SchemaUnavailable`` when that cannot be known now.
        """
        ...
