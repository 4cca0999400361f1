"""Walking an Avro schema given as JSON values."""

from collections.abc import Mapping
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

Schema = Mapping[str, Any] | list[Any] | str

PRIMITIVES: Final = frozenset(("null", "boolean", "int", "long", "float", "double", "string", "bytes"))
NAMED: Final = frozenset(("record", "enum", "fixed"))
_STRUCTURE: Final = frozenset(
    ("type", "name", "namespace", "fields", "items", "values", "symbols", "size", "default", "aliases")
)


class Names(Generic[T]):
    """What was made of the named types of one schema so far, by full name; a type may refer to itself."""

    def __init__(self) -> None:
        self._made: dict[str, T] = {}

    def keep(self, schema: Mapping[str, Any], namespace: str, made: T) -> str:
        """Remember what was made of a named type; returns the namespace that holds inside it."""
        name = full_name(schema, namespace)
        self._made[name] = made
        return name.rpartition(".")[0]

    def find(self, name: str, namespace: str) -> T:
        """What was made of a type referred to by name. Raises ``ValueError`` for a name not defined before."""
        full = name if "." in name or not namespace else f"{namespace}.{name}"
        found = self._made.get(full, self._made.get(name))
        if found is None:
            raise ValueError(f"the schema refers to {name}, which it does not define")
        return found


def full_name(schema: Mapping[str, Any], namespace: str) -> str:
    """The full name of a named type, by the rules of the Avro specification."""
    name: str = schema["name"]
    own = schema.get("namespace", namespace)
    return name if "." in name or not own else f"{own}.{name}"


def kind_of(schema: Schema) -> str:
    """The kind of a schema: a primitive, ``union``, ``array``, ``map``, ``record``, ``enum``, ``fixed`` or a name."""
    if isinstance(schema, list):
        return "union"
    if isinstance(schema, str):
        return schema
    inner = schema["type"]
    return inner if isinstance(inner, str) else kind_of(inner)


def settled(schema: Schema) -> Schema:
    """The schema itself when ``{"type": {…}}`` only wraps it."""
    while isinstance(schema, Mapping) and not isinstance(schema["type"], str):
        schema = schema["type"]
    return schema


def logical(schema: Schema) -> str | None:
    """The logical type, if any."""
    return schema.get("logicalType") if isinstance(schema, Mapping) else None


def optional(schema: list[Any]) -> tuple[int, Any] | None:
    """For a union of null and one other type: the index of null and the other type; ``None`` for any other union."""
    if len(schema) != 2 or "null" not in schema:
        return None
    at = schema.index("null")
    return at, schema[1 - at]


def plain(schema: Any) -> Any:
    """The schema without logical types and annotations: only what decides about bytes."""
    if isinstance(schema, list):
        return [plain(branch) for branch in schema]
    if not isinstance(schema, Mapping):
        return schema
    kept = {key: value for key, value in schema.items() if key in _STRUCTURE}
    for key in ("type", "items", "values"):
        if key in kept:
            kept[key] = plain(kept[key])
    if "fields" in kept:
        kept["fields"] = [plain(field) for field in kept["fields"]]
    return kept["type"] if set(kept) == {"type"} else kept
