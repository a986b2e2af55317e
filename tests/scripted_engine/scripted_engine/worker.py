"""vLLM's worker, replaced: it says what the script says, and computes nothing."""

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from vllm.v1.kv_cache_interface import FullAttentionSpec
from vllm.v1.outputs import EMPTY_MODEL_RUNNER_OUTPUT, LogprobsLists, LogprobsTensors, ModelRunnerOutput
from vllm.v1.worker.worker_base import WorkerBase

from . import seams
from .answers import AnswerBook
from .logprobs import Distribution, TokenLogprobs
from .pace import Pace
from .platform import BLOCK_SIZE
from .requests import Request, Speaker
from .talk import NOTHING, Step

ANSWERS = "SCRIPTED_ENGINE_ANSWERS"
"""Environment variable: the file with the cases' answers."""
TURN_S = 0.0001
"""What a step said is sent by another thread, which else waits five milliseconds for its turn while the next step is
scheduled."""
MEMORY = 1 << 30
"""Bytes of a KV cache that is counted in blocks and never made."""


class ScriptedWorker(WorkerBase):  # type: ignore[misc] # vLLM is in another environment
    """One a server, in the process of the engine core."""

    def init_device(self) -> None:
        """Choose the only device."""
        self.device = torch.device("cpu")
        torch.set_num_threads(1)
        sys.setswitchinterval(TURN_S)

    def load_model(self, **_: Any) -> None:
        """Read the tokenizer and the answers; no weights."""
        file = os.environ.get(ANSWERS)
        answers = AnswerBook.read(Path(file) if file else None)
        self._speaker = Speaker(
            seams.tokenizer_of(self.model_config), self.model_config, answers, self.scheduler_config
        )
        self._distribution = Distribution(self._speaker.vocabulary.size)
        self._pace = Pace.from_environment()
        self._requests: dict[str, Request] = {}
        self._due: dict[str, bool] = {}
        self._spoke = False

    def execute_model(self, scheduler_output: Any) -> Any:
        """Note what is scheduled; None asks for `sample_tokens`."""
        for name in scheduler_output.finished_req_ids:
            self._requests.pop(name, None)
        computed = {}
        for new in scheduler_output.scheduled_new_reqs:
            self._requests[new.req_id] = self._speaker.request_of(new)
            computed[new.req_id] = new.num_computed_tokens
        cached = scheduler_output.scheduled_cached_reqs
        computed |= zip(cached.req_ids, cached.num_computed_tokens, strict=True)
        if not scheduler_output.total_num_scheduled_tokens:
            return EMPTY_MODEL_RUNNER_OUTPUT
        # A token is due where all that is known of a request is computed by the end of the step.
        self._due = {
            name: computed[name] + count >= self._requests[name].known
            for name, count in scheduler_output.num_scheduled_tokens.items()
        }
        return None

    def sample_tokens(self, grammar_output: Any) -> ModelRunnerOutput:
        """Return what comes at this step."""
        rows = {}
        if grammar_output is not None:
            names = grammar_output.structured_output_request_ids
            rows = {name: grammar_output.grammar_bitmask[number] for number, name in enumerate(names)}
        names = list(self._due)
        steps = [
            self._requests[name].step(rows.get(name)) if due else NOTHING for name, due in self._due.items()
        ]
        speaks = any(step.tokens for step in steps)
        # The scheduler that runs ahead hands on what a step said only after the step behind it.
        if speaks or self._spoke:
            self._pace.wait()
        self._spoke = speaks
        prompts = {
            name: self._prompt_logprobs(self._requests[name]) for name, due in self._due.items() if due
        }
        return ModelRunnerOutput(
            req_ids=names,
            req_id_to_index={name: number for number, name in enumerate(names)},
            sampled_token_ids=[step.tokens for step in steps],
            logprobs=self._logprobs(names, steps),
            prompt_logprobs_dict={name: found for name, found in prompts.items() if found is not None},
            pooler_output=[],
        )

    def _logprobs(self, names: list[str], steps: list[Step]) -> LogprobsLists | None:
        """Return a row a token, where one request asks for them; the others' rows are empty."""
        asked = [self._requests[name].params.logprobs for name in names]
        if all(count is None for count in asked):
            return None
        rows: list[TokenLogprobs] = []
        ends = [0]
        for count, step in zip(asked, steps, strict=True):
            rows += [
                self._distribution.at(wanted, token, count or 0)
                for token, wanted in zip(step.tokens, step.wanted, strict=True)
            ]
            ends.append(len(rows))
        ids, values, ranks = _padded(rows)
        return LogprobsLists(ids, values, ranks, ends)

    def _prompt_logprobs(self, request: Request) -> LogprobsTensors | None:
        """Return the logprobs of a prompt with its first answer, once."""
        count = request.take_prompt_logprobs()
        followed = request.prompt[1:]
        if count is None or not followed:
            return None
        rows = [self._distribution.at(token, token, count) for token in followed]
        return LogprobsTensors(*(torch.from_numpy(part) for part in _padded(rows)))

    def compile_or_warm_up_model(self) -> Any:
        """Return that it took no time."""
        return seams.compilation_times()

    def get_supported_tasks(self) -> tuple[str, ...]:
        """Return that text is generated here."""
        return ("generate",)

    def get_kv_cache_spec(self) -> dict[str, FullAttentionSpec]:
        """Return one layer, so that the scheduler has blocks to count."""
        size = self.cache_config.block_size or BLOCK_SIZE
        return {
            "layer.0": FullAttentionSpec(block_size=size, num_kv_heads=1, head_size=64, dtype=torch.float32)
        }

    def get_supported_kv_cache_layouts(self) -> list[str]:
        """Return every layout: there is no cache to lay out."""
        return seams.kv_cache_layouts()

    def determine_available_memory(self) -> int:
        """Return bytes for a KV cache that is never made."""
        return MEMORY

    def initialize_from_config(self, kv_cache_config: Any) -> None:
        """Make no cache."""

    def initialize_cache(self, num_gpu_blocks: int, num_cpu_blocks: int) -> None:
        """Make no cache."""

    def update_max_model_len(self, max_model_len: int) -> None:
        """Keep what vLLM has worked out."""

    def get_model(self) -> None:
        """Return nothing: there is no model."""

    def execute_dummy_batch(self) -> None:
        """Compute nothing."""

    def take_draft_token_ids(self) -> None:
        """Return nothing: there is no speculation."""

    def synchronize_device(self) -> None:
        """Wait for nothing."""

    def get_kv_connector_handshake_metadata(self) -> None:
        """Return nothing: there is no transfer of caches."""

    def reset_mm_cache(self) -> None:
        """Forget nothing."""

    def shutdown(self) -> None:
        """End nothing."""


def _padded(rows: list[TokenLogprobs]) -> tuple[Any, Any, Any]:
    """Return ids, logprobs and ranks as arrays, as wide as the widest row."""
    width = max((len(row.ids) for row in rows), default=1)
    ids = np.zeros((len(rows), width), np.int32)
    values = np.full((len(rows), width), -np.inf, np.float32)
    for number, row in enumerate(rows):
        ids[number, : len(row.ids)] = row.ids
        values[number, : len(row.ids)] = row.logprobs
    return ids, values, np.array([row.rank for row in rows], np.int32)
