"""What an item of generated texts says when it fails: evidence, text, how to make it again, and a case to keep."""

import json
import shlex
from collections.abc import Sequence

from tests.harness.core.records.case import Case
from tests.harness.core.records.deployment import Deployment
from tests.harness.core.records.fuzzing import Counterexample, Effort
from tests.harness.report.evidence import failure_text


def generated_failure_text(
    exhibits: Sequence[Counterexample],
    kinds: Sequence[str],
    effort: Effort,
    deployment: Deployment,
    item: str,
) -> str:
    """One block an exhibit, then the kinds of findings that have none."""
    blocks = [_block(exhibit, effort, deployment, item) for exhibit in exhibits]
    rest = [kind for kind in kinds if kind not in {exhibit.kind for exhibit in exhibits}]
    if rest:
        blocks.append(f"further kinds of findings, whose texts were not made smaller: {', '.join(rest)}")
    return "\n\n".join(blocks)


def _block(exhibit: Counterexample, effort: Effort, deployment: Deployment, item: str) -> str:
    context = exhibit.judged.context
    again = f"pytest --target {shlex.quote(deployment.target.text)} --fuzz-examples {effort.examples}"
    test = item.rpartition("::")[2].partition("[")[0]
    lines = [
        failure_text([exhibit.judged], deployment, item),
        f"  text       {json.dumps(context.case.text, ensure_ascii=False)}",
        f"  right      {_right(context.case)}",
        f"  smallest   of {exhibit.trials} texts that were tried; {exhibit.kind}, split {context.split}",
        f"  generate   {again} --fuzz-seed {effort.seed} -k {test}",
        f"  keep it    as tests/cases/{context.case.topic}.toml, or its last table at the end of that file:",
        "",
        exhibit.file,
    ]
    return "\n".join(lines)


def _right(case: Case) -> str:
    if case.ambiguous is not None:
        return f"streamed and whole agree. {case.ambiguous}"
    parts = [f"{call.name} {json.dumps(call.arguments, ensure_ascii=False)}" for call in case.calls]
    if case.content is not None:
        parts.append(f"text {json.dumps(case.content, ensure_ascii=False)}")
    return "; ".join(parts)
