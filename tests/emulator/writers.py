"""`python -m tests.emulator.writers PORT TOKEN FILE NUMBER`: one writer that notes in a file what the server acknowledged, until it dies.

Every turn creates an account, changes it, and creates a pair of contacts in one change set.
"""

from __future__ import annotations

import http.client
import json
import sys
from pathlib import Path
from uuid import uuid4

API = "/bench/api/data/v9.2"


def pair(name: str) -> str:
    """A change set that creates two contacts of that name."""
    part = "\r\n".join(
        f"--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: {number}\r\n\r\n"
        f"POST {API}/contacts HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{json.dumps({'lastname': name, 'firstname': str(number)})}"
        for number in (1, 2)
    )
    return f"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n{part}\r\n--c--\r\n--b--\r\n"


def write(port: int, token: str, noted: Path) -> None:
    """Writes until the server is gone."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def asked(method: str, path: str, body: str, kind: str = "application/json", **more: str) -> int:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": kind, **more}
        connection.request(method, f"{API}/{path}", body.encode(), headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    with noted.open("a", buffering=1, encoding="utf-8") as file:
        while True:
            id = str(uuid4())
            if asked("POST", "accounts", json.dumps({"accountid": id, "name": id})) == 204:
                file.write(f"created {id}\n")
            if asked("PATCH", f"accounts({id})", '{"numberofemployees": 7}', **{"If-Match": "*"}) == 204:
                file.write(f"changed {id}\n")
            if asked("POST", "$batch", pair(id), "multipart/mixed; boundary=b") == 200:
                file.write(f"paired {id}\n")


if __name__ == "__main__":
    try:
        write(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
    except (OSError, http.client.HTTPException):
        sys.exit(0)
