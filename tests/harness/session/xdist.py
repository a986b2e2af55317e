"""Deployments dealt to the workers of pytest-xdist: each is launched by one worker, once, on GPUs of its own.

pytest-xdist's own groups do not group under this pytest, and a worker that is started again would launch again.
"""

import json
import os
from functools import cached_property
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.harness.servers.host import gpu_ids, gpus_dealt
from tests.harness.servers.registry import is_managed
from tests.harness.session.collect import PLUGIN, OutcomeCollector
from tests.harness.session.gate_session import GateSession
from tests.harness.session.narrowed import lacks_tests
from tests.harness.session.resolved_target import picked_from_json

_WORKERINPUT = "xlam_gate"
_LEFT_OUT = "xlam_gate_left_out"


def workerinput_of(config: pytest.Config) -> dict[str, Any]:
    """Return what a worker takes over from the controller; nothing in the controller itself."""
    workerinput = getattr(config, "workerinput", None)
    if workerinput is None:
        return {}
    shared = json.loads(workerinput[_WORKERINPUT])
    if shared["gpus"]:
        os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(shared["gpus"])
    picked = tuple(map(picked_from_json, shared["resolved_targets"]))
    return {"stamp": shared["stamp"], "picked": picked, "worker": workerinput["workerid"]}


def distribute_deployments(config: pytest.Config, gate: GateSession) -> None:
    """Take part in a session with `-n`, as its controller or as a worker."""
    if gate.worker:
        config.pluginmanager.register(_Worker(config), "xlam-gate-worker")
    else:
        config.pluginmanager.register(_Controller(config, gate), "xlam-gate-controller")


class DeploymentScheduling(LoadScopeScheduling):  # type: ignore[misc]  # xdist brings no types
    """One unit of work a deployment."""

    def __init__(self, config: pytest.Config, log: Any, labels: list[str]) -> None:
        """Take the labels of all deployments."""
        super().__init__(config, log)
        self._labels = sorted(labels, key=len, reverse=True)

    def _split_scope(self, nodeid: str) -> str:
        """Return the label with which the parameters of an item begin; an item without one is a unit of its own."""
        parameters = nodeid.partition("[")[2].removesuffix("]")
        return next(
            (label for label in self._labels if f"{parameters}-".startswith(f"{label}-")),
            nodeid,
        )


class _Worker:
    """Tells the controller, at the end, that items were left out."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if items:
            self._tell()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if lacks_tests(items):
            self._tell()

    def _tell(self) -> None:
        self._config.workeroutput[_LEFT_OUT] = True  # type: ignore[attr-defined]


class _Controller:
    """Deals deployments out, and notices a worker that was lost."""

    def __init__(self, config: pytest.Config, gate: GateSession) -> None:
        self._config = config
        self._gate = gate
        if config.getoption("maxworkerrestart", None) is None:
            config.option.maxworkerrestart = "0"

    @cached_property
    def _gpus(self) -> list[str]:
        """Return the GPUs to deal out: only a server that the suite launches takes one.

        NVIDIA's tool may need seconds to name them, so it is asked once there are workers.
        """
        launches = any(is_managed(resolved.target) for resolved in self._gate.resolved_targets)
        return gpu_ids() if launches else []

    def pytest_configure_node(self, node: WorkerController) -> None:
        """Give every worker the same run folders and the same meaning of `auto`, and deal out the GPUs."""
        number = int(node.workerinput["workerid"].removeprefix("gw"))
        shared = {
            "stamp": self._gate.stamp,
            "resolved_targets": [resolved.to_json() for resolved in self._gate.resolved_targets],
            "gpus": gpus_dealt(number, node.workerinput["workercount"], self._gpus),
        }
        node.workerinput[_WORKERINPUT] = json.dumps(shared)

    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> DeploymentScheduling:
        """Return a scheduler by which deployments are never shared, whatever `--dist` says."""
        return DeploymentScheduling(config, log, [resolved.label for resolved in self._gate.resolved_targets])

    def pytest_testnodedown(self, node: WorkerController, error: object) -> None:
        """Note that the outcomes of a crashed worker are incomplete, and so are those that it never began."""
        collector = self._collector()
        if getattr(node, "workeroutput", {}).get(_LEFT_OUT):
            collector.mark_partial()
        if error:
            for label in collector.labels_of(node.gateway.id):
                why = f"the worker {node.gateway.id} that tested it was lost: {error}"
                collector.mark_lost(label, "worker-lost", why)

    def _collector(self) -> OutcomeCollector:
        collector = self._config.pluginmanager.getplugin(PLUGIN)
        if not isinstance(collector, OutcomeCollector):
            raise TypeError("the session has not been started")
        return collector
