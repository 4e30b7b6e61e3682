"""A fixture for pytest: a ZStack management node for tests.

Copy this file into the folder of your tests. The variable ZSTACK_NODE is the path of
the program; by default, `zstack-node` is looked up in PATH. Needs Python 3.9.
"""

import hashlib
import json
import os
import subprocess
import urllib.error
import urllib.request

import pytest


class ZStackNode:
    """A management node in a process of its own, on a free port of this machine."""

    def __init__(self, *options):
        program = os.environ.get("ZSTACK_NODE", "zstack-node")
        command = [program, "serve", "--listen", "127.0.0.1:0", "--until-stdin-ends", *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self._process.stdout.readline().strip()
        self.url = line.replace("listening on ", "", 1)
        if self.url == line:
            self.stop()
            raise RuntimeError(f"`{program}` did not start; it may have printed the reason")

    def stop(self):
        """Stops the node, which deletes its data."""
        self._process.stdin.close()
        self._process.wait(timeout=15)
        self._process.stdout.close()

    def log_in(self, account="admin", password="password"):
        """Logs in, and returns the UUID of the session."""
        digest = hashlib.sha512(password.encode()).hexdigest()
        body = {"logInByAccount": {"accountName": account, "password": digest}}
        return self.call("PUT", "/accounts/login", body)["inventory"]["uuid"]

    def call(self, method, path, body=None, session=None):
        """Calls the API, and returns the response. An error of the API is an exception
        with the text of the response."""
        headers = {"Authorization": f"OAuth {session}"} if session else {}
        return json.loads(self._send(method, f"/zstack/v1{path}", body, headers))

    def reset(self, sample=True):
        """Deletes all data, sessions and faults. Then loads the sample inventory, if requested."""
        self.control("DELETE", "/faults")
        self.control("POST", "/reset", {"sample": sample})

    def load(self, inventory):
        """Loads the text of an inventory file."""
        return self.control("POST", "/inventory", inventory)

    def fail(self, operation, **fault):
        """Delays calls of an operation or makes them fail, such as
        `fail("StartVmInstance", error={"code": "SYS.1006"})`. Returns the ID of the fault."""
        return self.control("POST", "/faults", {"operation": operation, **fault})["id"]

    def control(self, method, path, body=None):
        """Sends a control request, such as `control("POST", "/clock", {"advance": 60})`."""
        return json.loads(self._send(method, f"/_node{path}", body, {"X-ZStack-Node-Control": "1"}))

    def _send(self, method, path, body, headers):
        data = body if body is None or isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json", **headers}
        data = data.encode() if data is not None else None
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request) as response:
                return response.read()
        except urllib.error.HTTPError as error:
            with error:
                raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None


@pytest.fixture(scope="session")
def zstack_process():
    """One process for all tests."""
    node = ZStackNode()
    yield node
    node.stop()


@pytest.fixture
def zstack_node(zstack_process):
    """The node, with the sample inventory as each test expects it."""
    zstack_process.reset()
    return zstack_process
