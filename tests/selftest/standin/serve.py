"""The stand-in's few answers: enough to be found healthy and looked at. It judges nothing and plays no parser."""

import json
import os
import signal
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

VERSION = "0.32.0"
_DYING_S = 1.5


def serve(host: str, port: int, model: str) -> None:
    """Answer until killed."""
    questions = count(1)
    dies_after = int(os.environ.get("STANDIN_DIES_AFTER", "0"))
    dies_of = os.environ.get("STANDIN_DIES_OF", "")
    last_words = os.environ.get("STANDIN_LAST_WORDS", "")
    key = os.environ.get("VLLM_API_KEY")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/v1/models":
                allowed = not key or self.headers.get("Authorization") == f"Bearer {key}"
                self._say(
                    200 if allowed else 401, {"data": [{"id": model}]} if allowed else {"error": "no key"}
                )
            else:
                self._say(200, {"version": VERSION})

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("utf-8", "replace")
            if next(questions) == dies_after or (dies_of and dies_of in asked):
                if last_words:
                    self._say(500, {"error": {"message": last_words}})
                    time.sleep(_DYING_S)
                print("stand-in: killing myself as told", flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            message = {"role": "assistant", "content": "It is a stand-in that answers."}
            self._say(200, {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

        def _say(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    print("listening at", time.time(), flush=True)
    server.serve_forever()
