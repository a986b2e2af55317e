"""What an item of generated texts says when it fails: evidence, text, how to make it again, and a case to keep."""

import json
from collections.abc import Sequence

from tests.harness.core.records.case import Case
from tests.harness.core.records.fuzzing import Counterexample, Effort
from tests.harness.report.evidence import Recorded, Rerun, failure_text


def generated_failure_text(
    examples: Sequence[Counterexample],
    names: Sequence[str],
    effort: Effort,
    rerun: Rerun,
    item: str,
    recorded: Recorded,
) -> str:
    """Return one block a counterexample, then the findings that have none."""
    blocks = [_block(example, effort, rerun, item, recorded) for example in examples]
    rest = [name for name in names if name not in {example.name for example in examples}]
    if rest:
        blocks.append(f"further kinds of findings, whose texts were not made smaller: {', '.join(rest)}")
    return "\n\n".join(blocks)


def _block(example: Counterexample, effort: Effort, rerun: Rerun, item: str, recorded: Recorded) -> str:
    case = example.case
    again = f"pytest {rerun.options} --fuzz-examples {effort.examples}"
    test = item.rpartition("::")[2].partition("[")[0]
    lines = [
        failure_text([example.answer], rerun, item, recorded),
        f"  text       {json.dumps(case.text, ensure_ascii=False)}",
        f"  right      {_right(case)}",
        f"  smallest   of {example.trials} texts that were tried; {example.name}, split {example.answer.split}",
        f"  generate   {again} --fuzz-seed {effort.seed} -k {test}",
        f"  keep it    as tests/cases/{case.topic}.toml, or its last table at the end of that file:",
        "",
        example.file,
    ]
    return "\n".join(lines)


def _right(case: Case) -> str:
    if case.ambiguous is not None:
        return f"{'; or '.join(map(_right_as, case.settled()))}. {case.ambiguous}"
    return _right_as(case)


def _right_as(case: Case) -> str:
    parts = [f"{call.name} {json.dumps(call.arguments, ensure_ascii=False)}" for call in case.calls]
    if case.content is not None:
        parts.append(f"text {json.dumps(case.content, ensure_ascii=False)}")
    return "; ".join(parts)
