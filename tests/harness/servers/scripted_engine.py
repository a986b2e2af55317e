"""The scripted engine of `tests/scripted_engine/`: how an official build is launched with it, where there is no GPU."""

import json
from dataclasses import dataclass
from pathlib import Path

from tests.harness.cases.answers import answers_of
from tests.harness.cases.load import load_cases
from tests.harness.servers.provider import LaunchRequest
from tests.harness.servers.server_command import files_below

FOLDER = Path(__file__).parents[2] / "scripted_engine"
ANSWERS = "answers.json"
_ARGS = (
    "--distributed-executor-backend=uni",
    # With any other format vLLM looks into the weights of a model that ties its embeddings, before there is a worker.
    "--load-format=dummy",
)


@dataclass(frozen=True)
class EngineFiles:
    """What has to lie where the server runs, in one folder."""

    sources: tuple[tuple[Path, str], ...]
    """File here, its path in that folder."""

    def environment(self, folder: str, request: LaunchRequest) -> dict[str, str]:
        """Return a launch's variables and those by which vLLM finds the engine in `folder`, and the engine its answers.

        Those of a profile that are about the kernels of vLLM's CPU build are left out.
        """
        profile = request.profile.env
        return {
            **{name: value for name, value in profile.items() if not name.startswith("VLLM_CPU_")},
            "PYTHONPATH": folder,
            "SCRIPTED_ENGINE_ANSWERS": f"{folder}/{ANSWERS}",
            # The engine core in a process of its own, as on a GPU; forked, so that vLLM is imported once.
            "VLLM_ENABLE_V1_MULTIPROCESSING": "1",
            "VLLM_WORKER_MULTIPROC_METHOD": "fork",
            "VLLM_NO_USAGE_STATS": "1",
            **request.target.variables,
        }


def engine_files(scratch: Path, dialect: str) -> EngineFiles:
    """Write the cases' answers, in a dialect, into `scratch`, and return all files of the engine."""
    answers = scratch / ANSWERS
    entries = [vars(answer) for answer in answers_of(load_cases(dialect=dialect))]
    answers.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    return EngineFiles((*files_below(FOLDER), (answers, ANSWERS)))


def engine_args(request: LaunchRequest) -> tuple[str, ...]:
    """Return the server's flags that the engine needs, but for those that the profile or the target gives."""
    names = {word.partition("=")[0] for word in (*request.profile.args, *request.target.args)}
    return tuple(word for word in _ARGS if word.partition("=")[0] not in names)
