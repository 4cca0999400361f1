"""Reads YAML as people write it: text stays text.

YAML 1.1 turns ``on`` and ``no`` into booleans, ``2025-01-01`` into a date and ``012`` into ten; and a key written twice
silently loses its first value. In files that hold codes and field names each of these is a trap, so only ``true``,
``false``, ``null``, plain decimal integers and plain decimal fractions are more than text here, and a repeated key is
an error.
"""

import re
from collections.abc import Hashable
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without libyaml reads the same, ten times slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


class BadYaml(ValueError):
    """The text is not YAML, or repeats a key. ``str()`` says where, without quoting the content."""


class _PlainLoader(_Loader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise BadYaml(f"the key {key!r} stands twice (line {key_node.start_mark.line + 1})")
            seen.add(key)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        return mapping


_PlainLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:float", r"^-?(?:0|[1-9][0-9]*)\.[0-9]+$", "-0123456789"),
    ("tag:yaml.org,2002:merge", r"^(?:<<)$", "<"),
):
    _PlainLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def load(text: str) -> Any:
    """The one document in ``text`` as dicts, lists, text, numbers, booleans and ``None``. Raises ``BadYaml``."""
    try:
        return yaml.load(text, Loader=_PlainLoader)  # built on the safe loader
    except yaml.MarkedYAMLError as error:
        line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
        raise BadYaml(f"{error.problem or 'not YAML'}{line}") from error
    except yaml.YAMLError as error:
        raise BadYaml("holds a character that YAML does not allow") from error
