"""dynamics-web-api, unchanged, under node: its own tests are in dynamics_web_api.test.mjs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.clients.serving import TOKEN, Served

TESTS = Path(__file__).with_name("dynamics_web_api.test.mjs")


def run(url: str, **more: str) -> None:
    node = shutil.which("node")
    assert node, "node is not installed"
    surroundings = {**os.environ, "DATAVERSE_URL": f"{url}/", "DATAVERSE_TOKEN": TOKEN, **more}
    told = subprocess.run(
        [node, "--test", "--test-reporter=tap", str(TESTS)], capture_output=True, text=True, env=surroundings, timeout=100
    )
    passed = re.search(r"^# pass (\d+)$", told.stdout, re.MULTILINE)
    assert told.returncode == 0, told.stdout + told.stderr
    assert passed
    assert int(passed[1]) > 30


def test_it_works_over_plain_http(plain: Served) -> None:
    run(plain.url("script"))


def test_it_works_over_tls(tls: Served) -> None:
    run(tls.url("contoso"), NODE_EXTRA_CA_CERTS=str(tls.certificate))
