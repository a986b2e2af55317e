"""The scripted engine of `tests/scripted_engine/`: how an official build is launched with it, where there is no GPU."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.harness.cases.answers import answers_of
from tests.harness.cases.load import load_cases

FOLDER = Path(__file__).parents[2] / "scripted_engine"
ANSWERS = "answers.json"
_ARGS = ("--distributed-executor-backend=uni",)


@dataclass(frozen=True)
class EngineFiles:
    """What has to lie where the server runs, in one folder."""

    sources: tuple[tuple[Path, str], ...]
    """File here, its path in that folder."""

    def environment(self, folder: str) -> dict[str, str]:
        """Return the variables by which vLLM finds the engine, and the engine its answers, in `folder`."""
        return {
            "PYTHONPATH": folder,
            "SCRIPTED_ENGINE_ANSWERS": f"{folder}/{ANSWERS}",
            # The engine core in a process of its own, as on a GPU; forked, so that vLLM is imported once.
            "VLLM_ENABLE_V1_MULTIPROCESSING": "1",
            "VLLM_WORKER_MULTIPROC_METHOD": "fork",
            "VLLM_NO_USAGE_STATS": "1",
        }


def engine_files(scratch: Path) -> EngineFiles:
    """Write the cases' answers into `scratch`, and return all files of the engine."""
    answers = scratch / ANSWERS
    entries = [vars(answer) for answer in answers_of(load_cases())]
    answers.write_text(json.dumps(entries, ensure_ascii=False), "utf-8")
    code = [path for path in sorted(FOLDER.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return EngineFiles((*((path, path.relative_to(FOLDER).as_posix()) for path in code), (answers, ANSWERS)))


def engine_args(given: Sequence[str]) -> tuple[str, ...]:
    """Return the server's flags that the engine needs, but for those that are given already."""
    names = {word.partition("=")[0] for word in given}
    return tuple(word for word in _ARGS if word.partition("=")[0] not in names)


def without_cpu_build(env: Mapping[str, str]) -> dict[str, str]:
    """Return a profile's variables without those that are about the kernels of vLLM's CPU build."""
    return {name: value for name, value in env.items() if not name.startswith("VLLM_CPU_")}
