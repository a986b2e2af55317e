"""The platform that vLLM is told it runs on: no device, no kernels, a worker of our own."""

from typing import Any

import torch
from vllm.platforms.interface import Platform, PlatformEnum

from .seams import require_seams

BLOCK_SIZE = 16


class ScriptedPlatform(Platform):  # type: ignore[misc] # vLLM is in another environment
    """Says of itself what vLLM asks any platform."""

    _enum = PlatformEnum.OOT
    device_name = "scripted"
    device_type = "cpu"
    dispatch_key = "CPU"
    dist_backend = "gloo"
    supported_dtypes = (torch.bfloat16, torch.float16, torch.float32)

    @classmethod
    def check_and_update_config(cls, vllm_config: Any) -> None:
        """Put our worker in place of vLLM's; nothing is compiled. Raises SeamMoved."""
        require_seams()
        from vllm.config import CompilationMode

        vllm_config.parallel_config.worker_cls = "scripted_engine.worker.ScriptedWorker"
        if vllm_config.cache_config and not vllm_config.cache_config.block_size:
            vllm_config.cache_config.block_size = BLOCK_SIZE
        compilation = vllm_config.compilation_config
        compilation.mode = CompilationMode.NONE
        graphs = getattr(compilation, "cudagraph_mode", None)
        if graphs is not None:
            compilation.cudagraph_mode = type(graphs).NONE

    @classmethod
    def import_kernels(cls) -> None:
        """Import nothing: there are none."""

    @classmethod
    def get_device_name(cls, device_id: int = 0) -> str:
        """Return what logs call the device."""
        return cls.device_name

    @classmethod
    def get_device_total_memory(cls, device_id: int = 0) -> int:
        """Return bytes; enough that no limit of vLLM's own follows from it."""
        return 1 << 34

    @classmethod
    def get_current_memory_usage(cls, device: Any = None) -> float:
        """Return bytes."""
        return 0.0

    @classmethod
    def is_async_output_supported(cls, enforce_eager: bool | None = None) -> bool:
        """Return that the scheduler may run ahead, as on a GPU."""
        return True

    @classmethod
    def is_pin_memory_available(cls) -> bool:
        """Return that no memory is pinned."""
        return False

    @classmethod
    def inference_mode(cls) -> Any:
        """Return torch's context without gradients."""
        return torch.no_grad()

    @classmethod
    def set_device(cls, device: Any) -> None:
        """Choose nothing: there is one."""

    @classmethod
    def supports_v1(cls, model_config: Any) -> bool:
        """Return that vLLM's present engine is used."""
        return True

    @classmethod
    def support_hybrid_kv_cache(cls) -> bool:
        """Return that models with several kinds of layers are served."""
        return True
