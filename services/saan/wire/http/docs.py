"""The page ``/docs``: a station's OpenAPI description for people, rendered here.

It needs nothing from any other host and runs no script: it works on an intranet, and nobody else's code is on the page
of a station. Programs read ``/openapi.json``.
"""

import json
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_METHODS: Final = ("get", "post", "put", "delete", "patch")

_PAGE: Final = """<!doctype html>
<html lang="th"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ spec.info.title }}</title><style>
:root { color-scheme: light dark } body { font: 16px/1.5 system-ui, "Noto Sans Thai", sans-serif; max-width: 60rem;
margin: 2rem auto; padding: 0 1rem } h2 { border-top: 1px solid #8888; padding-top: 1.2rem; margin-top: 2rem }
code, pre { font: 14px/1.45 ui-monospace, monospace } pre { background: #8881; padding: .8rem; overflow-x: auto;
border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere } .method { text-transform: uppercase }
td { padding: .2rem 1rem .2rem 0; vertical-align: top } .about { white-space: pre-line }
</style></head><body>
<h1>{{ spec.info.title }}</h1>
<p class="about">{{ spec.info.description }}</p>
<p><a href="openapi.json">openapi.json</a></p>
{% for path, method, operation in operations %}
<h2><code><span class="method">{{ method }}</span> {{ path }}</code></h2>
<p>{{ operation.summary }}</p>
{% if operation.parameters %}<table>{% for parameter in operation.parameters %}
<tr><td><code>{{ parameter.name }}</code></td><td>{{ parameter["in"] }}</td>
<td>{{ parameter.description or parameter.schema.description or "" }}</td></tr>{% endfor %}</table>{% endif %}
{% for kind, content in (operation.requestBody or {}).get("content", {}).items() %}
<h3><code>{{ kind }}</code></h3>
{% for name, example in content.get("examples", {}).items() %}<p>{{ example.summary or name }}</p>
<pre>{{ example.value | pretty }}</pre>{% endfor %}
{% if content.example is defined %}<pre>{{ content.example | pretty }}</pre>{% endif %}
{% endfor %}
{% for status, answer in operation.responses.items() %}
<h3>{{ status }}</h3><p>{{ answer.description }}</p>
{% for kind, content in answer.get("content", {}).items() %}
{% if content.example is defined %}<pre>{{ content.example | pretty }}</pre>{% endif %}
{% for name, example in content.get("examples", {}).items() %}<p>{{ example.summary or name }}</p>
<pre>{{ example.value | pretty }}</pre>{% endfor %}{% endfor %}{% endfor %}
{% endfor %}
</body></html>
"""


def add(app: FastAPI) -> None:
    """Serve the page; the application is made with ``docs_url=None``."""
    environment = Environment(autoescape=True)
    environment.filters["pretty"] = _pretty
    template = environment.from_string(_PAGE)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        spec = app.openapi()
        page = template.render(spec=spec, operations=_operations(spec))
        return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


def _operations(spec: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operations[method])
        for path, operations in spec["paths"].items()
        for method in _METHODS
        if method in operations
    ]


def _pretty(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=2)
