"""Where the engine is fastened to vLLM, and what differs from release to release (0.20.2 to 0.33.0)."""

import dataclasses
import importlib
import importlib.metadata
from typing import Any

SEAMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("vllm.platforms.interface", "Platform", ("check_and_update_config",)),
    ("vllm.platforms.interface", "PlatformEnum", ("OOT",)),
    (
        "vllm.v1.worker.worker_base",
        "WorkerBase",
        ("init_device", "load_model", "execute_model", "sample_tokens"),
    ),
    (
        "vllm.v1.outputs",
        "ModelRunnerOutput",
        ("req_ids", "req_id_to_index", "sampled_token_ids", "logprobs", "prompt_logprobs_dict"),
    ),
    ("vllm.v1.outputs", "LogprobsLists", ("logprob_token_ids", "logprobs", "cu_num_generated_tokens")),
    ("vllm.v1.outputs", "LogprobsTensors", ("logprob_token_ids", "logprobs", "selected_token_ranks")),
    ("vllm.v1.outputs", "EMPTY_MODEL_RUNNER_OUTPUT", ()),
    ("vllm.v1.kv_cache_interface", "FullAttentionSpec", ("block_size", "num_kv_heads", "head_size", "dtype")),
    (
        "vllm.v1.core.sched.output",
        "SchedulerOutput",
        ("scheduled_new_reqs", "scheduled_cached_reqs", "num_scheduled_tokens", "finished_req_ids"),
    ),
    ("vllm.v1.core.sched.output", "NewRequestData", ("req_id", "prompt_token_ids", "sampling_params")),
    ("vllm.v1.core.sched.output", "CachedRequestData", ("req_ids", "num_computed_tokens")),
    ("vllm.v1.core.sched.output", "GrammarOutput", ("structured_output_request_ids", "grammar_bitmask")),
    (
        "vllm.sampling_params",
        "SamplingParams",
        (
            "all_stop_token_ids",
            "allowed_token_ids",
            "bad_words_token_ids",
            "extra_args",
            "logit_bias",
            "min_tokens",
        ),
    ),
    ("vllm.config", "CompilationMode", ("NONE",)),
)
"""Module, name in it, and what that has to have: fields of a record, or attributes."""


class SeamMoved(RuntimeError):
    """The build of vLLM lacks something that the engine is fastened to."""


def require_seams() -> None:
    """Raise SeamMoved in one line, with all that this build lacks."""
    missing = [lack for seam in SEAMS for lack in _missing(*seam)]
    if missing:
        version = importlib.metadata.version("vllm")
        raise SeamMoved(
            f"xlam-gate's scripted engine does not fit vLLM {version}: there is no {', no '.join(missing)}"
        )


def tokenizer_of(model_config: Any) -> Any:
    """Return the model's own tokenizer as vLLM reads it; its place has moved between releases."""
    for name in ("vllm.tokenizers", "vllm.tokenizers.registry", "vllm.transformers_utils.tokenizer"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if hasattr(module, "cached_tokenizer_from_config"):
            return module.cached_tokenizer_from_config(model_config)
    raise SeamMoved("xlam-gate's scripted engine finds no cached_tokenizer_from_config in this vLLM")


def compilation_times() -> Any:
    """Return what a worker says of its warm-up: a record where there is one, else seconds."""
    module = importlib.import_module("vllm.v1.worker.worker_base")
    record = getattr(module, "CompilationTimes", None)
    return record(0.0, 0.0) if record else 0.0


def kv_cache_layouts() -> list[str]:
    """Return the names of all layouts of a KV cache, for releases that ask a worker: there is no cache to lay out."""
    module = importlib.import_module("vllm.v1.kv_cache_interface")
    layouts = getattr(module, "KVCacheLayout", ())
    return [layout.name for layout in layouts]


def _missing(module_name: str, name: str, wanted: tuple[str, ...]) -> list[str]:
    try:
        module = importlib.import_module(module_name)
    except ImportError:
        return [module_name]
    found = getattr(module, name, None)
    if found is None:
        return [f"{module_name}.{name}"]
    known = _names_of(found)
    return [
        f"{module_name}.{name}.{part}" for part in wanted if part not in known and not hasattr(found, part)
    ]


def _names_of(found: Any) -> set[str]:
    """Return the fields of a record, of whatever make."""
    if dataclasses.is_dataclass(found):
        return {field.name for field in dataclasses.fields(found)}
    return set(getattr(found, "__struct_fields__", ())) | set(getattr(found, "__annotations__", {}))
