"""Takes vLLM's place where a launcher is tested: same command line, same paths, same family of processes.

It is never used to judge a parser. What it does is set by environment variables:
STANDIN_DELAY      seconds before it listens
STANDIN_EXIT       exit with this code instead of listening
STANDIN_SAYS       a file whose text it prints first, as a log
STANDIN_DIES_AFTER number of questions after which it kills itself
STANDIN_DIES_OF    a text that kills it, wherever it stands in a request
STANDIN_LAST_WORDS what it says with status 500 before its end, which comes a moment later, as with an engine that died
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?")
    parser.add_argument("--model", dest="model_option")
    parser.add_argument("--host", default="0.0.0.0")  # noqa: S104 - as the real one
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--served-model-name")
    options, _ = parser.parse_known_args()
    # As the real one; the first process of a container has no handler by default.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    print("stand-in started with", sys.argv[1:], flush=True)
    print("its key is", os.environ.get("VLLM_API_KEY"), flush=True)
    # The real server has an engine process of its own; this one is in a session of its own, and deaf to SIGTERM.
    engine = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    subprocess.Popen([sys.executable, "-c", engine], start_new_session=True)
    if says := os.environ.get("STANDIN_SAYS"):
        print(Path(says).read_text("utf-8"), flush=True)
    time.sleep(float(os.environ.get("STANDIN_DELAY", "0")))
    if code := os.environ.get("STANDIN_EXIT"):
        sys.exit(int(code))
    from tests.selftest.standin.serve import serve  # noqa: PLC0415 - not needed where it is to fail

    serve(options.host, options.port, options.served_model_name or options.model_option or options.model)


if __name__ == "__main__":
    main()
