"""`python -m bench.bare FILE`: serves stored bytes through the listener of the embedded Dataverse, and does nothing else.

The file is a JSON object: method and target -> status, headers, body. It is the floor of the embedded Dataverse: the same HTTP server, the
same framework, the same bytes.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from reconciler.emulator.serving.connections import Connections
from reconciler.emulator.serving.listeners import Listener, Listeners, bound_socket

METHODS = ["GET", "POST", "PATCH"]


def application(stored: dict[str, list[object]]) -> Starlette:
    """Answers each method and target with what is stored for it."""
    answers = {key: (status, headers, str(body).encode()) for key, (status, headers, body) in stored.items()}

    async def handle(http: Request) -> Response:
        await http.body()
        path, query = http.scope["raw_path"].decode("latin-1"), http.scope["query_string"].decode("latin-1")
        status, headers, body = answers[f"{http.method} {path}?{query}" if query else f"{http.method} {path}"]
        return Response(body, status, headers)  # type: ignore[arg-type]

    return Starlette(routes=[Route("/{path:path}", handle, methods=METHODS)])


if __name__ == "__main__":
    bound = bound_socket(0)
    Listeners([Listener(application(json.loads(Path(sys.argv[1]).read_text())), bound, Connections())]).start()
    print(f"http://127.0.0.1:{bound.getsockname()[1]}/", flush=True)
    threading.Event().wait()
