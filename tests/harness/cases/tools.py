"""The tools of the scenarios, really run: what a user's program does between the two rounds."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any

Number = int | float

_BINARY: Mapping[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_UNARY: Mapping[type[ast.unaryop], Callable[[Number], Number]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
_TRANSLATIONS = {("hello world", "spanish"): "Hola mundo"}
_LONGEST_EXPRESSION = 200


class ToolError(Exception):
    """A tool refused its arguments; the sentence is what a user's program would log."""


def get_weather(location: str, unit: str) -> str:
    """Return a made-up, constant weather for `location` in `unit`."""
    return f"Weather in {location} is 22 degrees {unit}."


def calculate_expression(expression: str) -> str:
    """Evaluate plain arithmetic. Powers are left out on purpose: a model could ask for 9**9**9."""
    if len(expression) > _LONGEST_EXPRESSION:
        raise ToolError(f"expression longer than {_LONGEST_EXPRESSION} characters")
    try:
        value = _evaluate(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
        raise ToolError(f"cannot calculate {expression!r}: {error}") from error
    return f"The result of {expression} is {value}"


def translate_text(text: str, target_language: str) -> str:
    """Translate the one sentence that the scenarios ask for."""
    try:
        translated = _TRANSLATIONS[text.strip(" .!'\"").lower(), target_language.lower()]
    except KeyError:
        raise ToolError(f"no translation of {text!r} to {target_language!r} is known") from None
    return f"Translation of '{text}' to {target_language}: {translated}"


def get_current_time() -> str:
    """Return a constant time of day, so that runs can be compared."""
    return "It is 12:34."


TOOLS: Mapping[str, Callable[..., str]] = {
    tool.__name__: tool for tool in (get_weather, calculate_expression, translate_text, get_current_time)
}


def run_tool(name: str, arguments: Mapping[str, Any]) -> str:
    """Run tool `name`. Raises ToolError if there is no such tool or it does not take `arguments`."""
    if name not in TOOLS:
        raise ToolError(f"no tool named {name!r}")
    try:
        return TOOLS[name](**arguments)
    except (TypeError, AttributeError) as error:
        raise ToolError(f"{name} does not take {dict(arguments)!r}: {error}") from error


def _evaluate(node: ast.expr) -> Number:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _BINARY[type(op)](_evaluate(left), _evaluate(right))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _UNARY:
            return _UNARY[type(op)](_evaluate(operand))
    raise ToolError(f"only plain arithmetic is evaluated, not {ast.dump(node)}")
