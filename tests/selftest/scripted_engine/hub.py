"""A stand-in for the hub: it has one model's files, knows of weights that it does not give, and notes what is asked."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

COMMIT = "0" * 39 + "1"
WEIGHTS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


@dataclass
class Hub:
    """What it serves and what was asked of it."""

    model: str
    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    """The files of the model, as they were asked for."""

    @property
    def names(self) -> list[str]:
        """Return all files that the model has, those that nobody gets among them."""
        return [*sorted(path.name for path in self.folder.iterdir()), *WEIGHTS]

    def answer(self, path: str) -> tuple[int, bytes, dict[str, str]]:
        """Return status, body and headers of a path's answer."""
        if path.startswith(f"/api/models/{self.model}"):
            siblings = [{"rfilename": name} for name in self.names]
            tree = [{"type": "file", "path": name, "size": 1, "oid": COMMIT} for name in self.names]
            known = {"id": self.model, "modelId": self.model, "sha": COMMIT, "siblings": siblings}
            return 200, json.dumps(tree if "/tree/" in path else known).encode(), {}
        if path.startswith(f"/{self.model}/resolve/"):
            name = path.rpartition("/")[2]
            self.asked.append(name)
            if (self.folder / name).is_file():
                body = (self.folder / name).read_bytes()
                return 200, body, {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "X-Repo-Commit": COMMIT}
            return 404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}
        return 404, b"", {"X-Error-Code": "RepoNotFound"}


@contextmanager
def hub_of(model: str, folder: Path) -> Iterator[Hub]:
    """Serve the files of `folder` as those of a model, on loopback."""
    hub = Hub(model, folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, body, headers = hub.answer(unquote(urlsplit(self.path).path))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
