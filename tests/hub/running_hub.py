"""A real JupyterHub with its proxy on 127.0.0.1, and what a person asks their server through it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import subprocess
import urllib.error
import urllib.request
import uuid
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from tornado.httpclient import HTTPRequest
from tornado.ioloop import IOLoop
from tornado.websocket import websocket_connect

from course.core.settings import COURSE_ID
from tests.hub import environment
from tests.ports import free_ports
from tests.waiting import wait_until

PATIENCE: Final = 240.0
"""How many seconds a test waits at most for what a server has to do."""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Visitor:
    """A person at the Hub, with a token of theirs."""

    base: str
    name: str
    token: str

    def ask(self, path: str, content: object = None, method: str = "") -> Answer:
        """Ask for a path below the Hub's address, such as `/user/kim/api/status`, and return what is answered."""
        body = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(self.base + path, body, method=method or ("GET" if body is None else "POST"))
        request.add_header("Authorization", f"token {self.token}")
        request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
                return Answer(reply.status, reply.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read())

    def server(self, path: str, content: object = None, method: str = "", of: str = "") -> Answer:
        """Ask a server: one's own, or that of somebody else."""
        return self.ask(f"/user/{of or self.name}/{path}", content, method)

    def assignment(self, action: str, name: str) -> Any:
        """Do with an exercise what the page of one's own server does: `fetch`, `submit` or `fetch_feedback`."""
        answer = self.server(f"assignments/{action}?course_id={COURSE_ID}&assignment_id={name}", {})
        assert answer.status == 200, answer.text
        return answer.json

    def execute(self, code: str, of: str = "", folder: str = "") -> str:
        """Run code in a kernel of a server, and return what it printed; fails where the code does."""
        owner = of or self.name
        notebook = {"path": f"{folder}/{uuid.uuid4()}.ipynb", "type": "notebook", "name": ""}
        started = self.server("api/sessions", {**notebook, "kernel": {"name": "python3"}}, of=owner)
        assert started.status == 201, started.text
        kernel = started.json["kernel"]["id"]
        try:
            return _in_own_loop(self._execute(f"/user/{owner}/api/kernels/{kernel}/channels", code))
        finally:
            self.server(f"api/sessions/{started.json['id']}", method="DELETE", of=owner)

    async def _execute(self, path: str, code: str) -> str:
        address = self.base.replace("http", "ws", 1) + path
        request = HTTPRequest(address, headers={"Authorization": f"token {self.token}"}, request_timeout=PATIENCE)
        socket = await websocket_connect(request)
        own = uuid.uuid4().hex
        header = {"msg_id": own, "msg_type": "execute_request", "session": own, "username": "", "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": False}
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await socket.write_message(json.dumps(message))
        printed: list[str] = []
        while (received := await socket.read_message()) is not None:
            reply = json.loads(received)
            if reply["parent_header"].get("msg_id") != own:
                continue
            if reply["msg_type"] == "stream":
                printed.append(reply["content"]["text"])
            elif reply["msg_type"] == "execute_reply":
                assert reply["content"]["status"] == "ok", (printed, reply["content"])
            elif reply["msg_type"] == "status" and reply["content"]["execution_state"] == "idle":
                break
        socket.close()
        return "".join(printed)


class RunningHub:
    """A Hub that runs, as an administrator's configuration has it."""

    def __init__(self, folder: Path, configuration: str) -> None:
        self._folder = folder
        self._token = secrets.token_hex(16)
        ports = free_ports(3)
        self.port = ports[0]
        self.api = f"http://127.0.0.1:{ports[1]}/hub/api"
        self.base = f"http://127.0.0.1:{ports[0]}"
        (folder / "jupyterhub_config.py").write_text(
            f"c = get_config()\n"
            f"c.JupyterHub.bind_url = {self.base!r}\n"
            f"c.JupyterHub.hub_port = {ports[1]}\n"
            f"c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{ports[2]}'\n"
            f"c.JupyterHub.db_url = 'sqlite:///{folder}/hub.sqlite'\n"
            f"c.JupyterHub.cookie_secret_file = '{folder}/cookie-secret'\n"
            f"{configuration}\n"
            f"c.JupyterHub.services.append({{'name': 'tests', 'api_token': {self._token!r}}})\n"
            "scopes = ['admin:users', 'admin:servers', 'admin:groups', 'tokens']\n"
            "c.JupyterHub.load_roles.append({'name': 'tests', 'scopes': scopes, 'services': ['tests']})\n"
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the Hub, and wait until it answers."""
        with (self._folder / "hub.log").open("ab") as log:
            self._process = subprocess.Popen(
                [environment.python(), "-m", "jupyterhub", "-f", "jupyterhub_config.py"],
                cwd=self._folder,
                env={"PATH": environment.path(), "HOME": str(self._folder), "LANG": "C.UTF-8"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        tester = Visitor(self.base, "tests", self._token)
        wait_until(lambda: self._process.poll() is not None or _answers(tester))
        assert self._process.poll() is None, self.log()

    def stop(self) -> None:
        """End the Hub with all that it started."""
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(20)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def kill(self) -> None:
        """Kill the Hub and its proxy, as when the power goes; people's servers are processes of their own."""
        assert self._process
        own = [child for child in psutil.Process(self._process.pid).children(recursive=True) if not child.uids().real]
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for service in own:  # a service of the Hub has a session of its own, and would go on for ever
            with contextlib.suppress(psutil.NoSuchProcess):
                service.kill()

    def log(self) -> str:
        """Return what the Hub and the servers said."""
        return (self._folder / "hub.log").read_text(errors="replace")

    def put_into_group(self, name: str, group: str, is_in: bool) -> None:
        """Put a person into a group, or take them out."""
        tester = Visitor(self.base, "tests", self._token)
        content, method = {"users": [name]}, "POST" if is_in else "DELETE"
        answer = tester.ask(f"/hub/api/groups/{group}/users", content, method)
        assert answer.status == 200, answer.text

    def visitor(self, name: str) -> Visitor:
        """Return a person who is logged in."""
        made = Visitor(self.base, "tests", self._token).ask(f"/hub/api/users/{name}/tokens", {})
        assert made.status == 201, made.text
        return Visitor(self.base, name, made.json["token"])

    def open_server(self, visitor: Visitor, of: str = "") -> None:
        """Have a person start a server, and wait until it is there."""
        owner = of or visitor.name
        started = visitor.ask(f"/hub/api/users/{owner}/server", {})
        assert started.status in (201, 202), started.text
        wait_until(lambda: visitor.server("api/status", of=owner).status == 200, PATIENCE)

    def stop_server(self, visitor: Visitor) -> None:
        """Have a person's server end, and wait until it has."""
        stopped = Visitor(self.base, "tests", self._token).ask(f"/hub/api/users/{visitor.name}/server", method="DELETE")
        assert stopped.status in (202, 204), stopped.text
        wait_until(lambda: visitor.server("api/status").status != 200, PATIENCE)


@contextlib.contextmanager
def running_hub(folder: Path, configuration: str) -> Iterator[RunningHub]:
    """Run a Hub in this block."""
    hub = RunningHub(folder, configuration)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop()


def _answers(visitor: Visitor) -> bool:
    try:
        return visitor.ask("/hub/api/").status == 200
    except (urllib.error.URLError, ConnectionError):
        return False


def _in_own_loop(work: Coroutine[Any, Any, str]) -> str:
    loop = IOLoop(make_current=False)
    try:
        return loop.run_sync(lambda: work, timeout=PATIENCE)
    finally:
        loop.close()
