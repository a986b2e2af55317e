"""Proof that the text was written that was to be forced: by the answer's own tokens, or by an echo."""

from tests.harness.core.printable import truncated
from tests.harness.core.records.case import Case
from tests.harness.core.records.cut import NamedTokens
from tests.harness.core.records.errors import InfrastructureError
from tests.harness.core.records.exchange import Exchange
from tests.harness.core.records.reply import Reply
from tests.harness.core.records.split import Split
from tests.harness.recording.assemble import read_reply

_OK = 200
_FAILURES = range(500, 600)


def is_written(case: Case, tokens: NamedTokens | None, reply: Reply) -> bool:
    """Return whether an answer's tokens prove that the case's text was written, as far as limits and errors let it."""
    if tokens is None or tokens.text is None:
        return False
    if reply.error is not None:
        return bool(tokens.text)
    limit = case.request_options.request.get("max_tokens")
    if limit is not None and tokens.count == limit:
        return True
    is_stopped = case.emitted_text != (case.text or "") and case.cut is None
    return tokens.text.startswith(case.emitted_text) if is_stopped else tokens.text == case.emitted_text


def has_failed(echo: Exchange) -> bool:
    """Return whether the server failed at an echo: no request is plainer, so that is its defect, and no obstacle."""
    if echo.status in _FAILURES:
        return True
    if b'"error"' not in echo.body:  # so that not each echo is put together twice
        return False
    error = read_reply(echo, streamed=echo.key.mode == "stream").error
    return error is not None and error.get("code") in _FAILURES


def require_echoed(case: Case, split: Split, echo: Exchange, reply: Reply) -> None:
    """Raise InfrastructureError unless the echo is the text, and as many tokens long where it was cut by character.

    (Under other splits the tools in the prompt may lead the model to other tokens for the same text.)
    """
    echoed = read_reply(echo, streamed=echo.key.mode == "stream")
    content = echoed.choice.content if echoed.choice else None
    wanted = case.text if case.cut is None else case.emitted_text
    if echo.status != _OK or content != wanted:
        got = echo.error or f"status {echo.status}, content {_shown(content)}, error {_shown(echoed.error)}"
        raise InfrastructureError(
            f"{case.id} [{split.name}]: the text could not be forced, so nothing can be judged;"
            f" wanted {_shown(wanted)}, the echo gave {got}"
        )
    ours, theirs = _completion_tokens(reply), _completion_tokens(echoed)
    if theirs is not None:
        theirs *= case.request_options.request.get("n") or 1
    is_whole = case.cut is not None or case.emitted_text == case.text
    if split.by_character and is_whole and ours is not None and ours != theirs:
        raise InfrastructureError(
            f"{case.id} [{split.name}]: the judged answer has {ours} tokens and its echo {theirs}:"
            " another text was written, so nothing can be judged"
        )


def _shown(value: object) -> str:
    return truncated(repr(value))


def _completion_tokens(reply: Reply) -> int | None:
    tokens = (reply.usage or {}).get("completion_tokens")
    return tokens if isinstance(tokens, int) else None
