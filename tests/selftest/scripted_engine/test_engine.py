"""The engine on a real official build: each way to be told what to say, and each parameter of a request."""

import json
import math
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.harness.core.http.ask import ask
from tests.harness.servers.launch import Server
from tests.scripted_engine.scripted_engine.answers import FALLBACK
from tests.scripted_engine.scripted_engine.script import marker_of

ANSWER_S = 60.0
CHAT = "/v1/chat/completions"
TEXT = '[{"name": "get", "arguments": {"key": "a"}}, {"name": "get", "arguments": {"key": "b"}}]'
TOOL = {
    "type": "function",
    "function": {
        "name": "get",
        "parameters": {"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]},
    },
}


def asked(server: Server, path: str, body: dict[str, Any]) -> str:
    """The text of an answer that is well."""
    found = server.deployment
    answer = ask(found.base_url, path, ANSWER_S, api_key=found.api_key, body={"model": found.model, **body})
    assert answer.status == 200, answer.text
    return answer.text


def chat(server: Server, content: str = "go", **terms: Any) -> dict[str, Any]:
    """The answer to a question that is not streamed."""
    body = {"messages": [{"role": "user", "content": content}], "max_tokens": 200, "temperature": 0, **terms}
    answer: dict[str, Any] = json.loads(asked(server, CHAT, body))
    return answer


def content_of(answer: dict[str, Any], choice: int = 0) -> str:
    return str(answer["choices"][choice]["message"]["content"])


def streamed(server: Server, script: dict[str, Any], **terms: Any) -> list[dict[str, Any]]:
    """The choices of a stream's frames."""
    body = {
        "messages": [{"role": "user", "content": "go"}],
        "max_tokens": 400,
        "stream": True,
        "vllm_xargs": script,
        **terms,
    }
    events = [line[6:] for line in asked(server, CHAT, body).splitlines() if line.startswith("data: {")]
    return [choice for event in events for choice in json.loads(event)["choices"]]


def deltas(server: Server, script: dict[str, Any], **terms: Any) -> list[int]:
    """How many tokens each delta of a stream was made from."""
    choices = streamed(server, script, return_token_ids=True, **terms)
    return [len(choice["token_ids"]) for choice in choices if choice.get("token_ids")]


def tokens_of(server: Server, text: str) -> list[int]:
    answer = json.loads(asked(server, "/tokenize", {"prompt": text, "add_special_tokens": False}))
    return list(answer["tokens"])


def end_of(server: Server) -> int:
    """The token that ends an answer."""
    answer = chat(server, vllm_xargs={"script": "x"}, return_token_ids=True, ignore_eos=True, max_tokens=3)
    return int(answer["choices"][0]["token_ids"][-1])


def test_a_request_says_what_is_said(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Any text at all: [1] é 東京"})
    assert content_of(answer) == "Any text at all: [1] é 東京"
    assert answer["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("script", "cuts"),
    [
        ({"script_unit": "character"}, [1] * len(TEXT) + [1]),
        ({"script_unit": "character", "script_cuts": [5, 33]}, [5, 28, len(TEXT) - 33, 1]),
        ({"script_unit": "character", "script_cuts": [1000]}, [len(TEXT), 1]),
        ({"script_cuts": [3, 9, 10]}, [3, 6, 1]),
    ],
    ids=["characters", "two-cuts", "no-cut", "tokens"],
)
def test_each_delta_ends_where_the_script_says(
    engine: Server, script: dict[str, Any], cuts: list[int]
) -> None:
    found = deltas(engine, {"script": TEXT, **script}, tools=[TOOL])
    assert found[: len(cuts)] == cuts


def test_the_limit_cuts_within_a_delta(engine: Server) -> None:
    script = {"script": TEXT, "script_unit": "character", "script_cuts": [4, 30]}
    assert deltas(engine, script, max_tokens=10) == [4, 6]


def test_a_message_carries_a_script_where_the_address_takes_none(engine: Server) -> None:
    message = f"Say it. {marker_of({'script': TEXT, 'script_unit': 'character'})}"
    tool = {"name": "get", "input_schema": TOOL["function"]["parameters"]}  # type: ignore[index]
    body = {"max_tokens": 300, "messages": [{"role": "user", "content": message}], "tools": [tool]}
    answer = json.loads(asked(engine, "/v1/messages", body))
    used = [(block["name"], block["input"]) for block in answer["content"] if block["type"] == "tool_use"]
    assert used == [("get", {"key": "a"}), ("get", {"key": "b"})]


def test_a_script_that_cannot_be_followed_is_answered_with_why(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "x", "script_unit": "word"})
    assert "cannot follow the script of this request" in content_of(answer)


def test_the_name_of_the_token_that_ends_an_answer_is_a_text_as_any(engine: Server) -> None:
    text = f"{TEXT}<|im_end|> and more"
    assert content_of(chat(engine, vllm_xargs={"script": text})) == text


def test_a_grammar_alone_decides(engine: Server) -> None:
    answer = chat(engine, structured_outputs={"grammar": 'root ::= "yes, it is"'})
    assert content_of(answer) == "yes, it is"


def test_a_grammar_is_obeyed_whatever_the_script_says(engine: Server) -> None:
    answer = chat(engine, structured_outputs={"choice": ["red", "green"]}, vllm_xargs={"script": "green"})
    assert content_of(answer) == "green"
    answer = chat(engine, structured_outputs={"choice": ["red", "green"]}, vllm_xargs={"script": "blue"})
    assert content_of(answer) in {"red", "green"}


def test_a_demanded_tool_is_called(engine: Server) -> None:
    answer = chat(engine, tools=[TOOL], tool_choice="required", logit_bias={})
    call = answer["choices"][0]["message"]["tool_calls"][0]["function"]
    assert call["name"] == "get"
    assert set(json.loads(call["arguments"])) == {"key"}


def test_any_other_question_gets_one_sentence(engine: Server) -> None:
    assert content_of(chat(engine, "What is the capital of France?")) == FALLBACK


def test_min_tokens(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Hi"}, min_tokens=20)
    assert answer["usage"]["completion_tokens"] > 20
    assert content_of(answer).startswith("Hi")


def test_allowed_token_ids(engine: Server) -> None:
    allowed = tokens_of(engine, "x") + tokens_of(engine, "y")
    answer = chat(engine, vllm_xargs={"script": "Hi there"}, allowed_token_ids=allowed, max_tokens=8)
    assert set(content_of(answer)) <= {"x", "y"}
    assert answer["usage"]["completion_tokens"] == 8


def test_bad_words(engine: Server) -> None:
    script = {"script": "one two three", "script_unit": "character"}
    assert content_of(chat(engine, vllm_xargs=script)) == "one two three"
    assert "two" not in content_of(chat(engine, vllm_xargs=script, bad_words=["w", "t"]))


def test_ignore_eos(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Hi"}, ignore_eos=True, max_tokens=30)
    assert (answer["choices"][0]["finish_reason"], answer["usage"]["completion_tokens"]) == ("length", 30)


def test_n(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Hi"}, n=3, temperature=1.0)
    assert [content_of(answer, number) for number in range(3)] == ["Hi"] * 3


def test_a_seed_repeats_what_it_drew(engine: Server) -> None:
    letters = {"structured_outputs": {"regex": "[a-z]{24}"}, "temperature": 1.0}
    first, again, other = (content_of(chat(engine, seed=seed, **letters)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_logprobs(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Hi there"}, logprobs=True, top_logprobs=3)
    entries = answer["choices"][0]["logprobs"]["content"]
    assert "".join(entry["token"] for entry in entries).startswith("Hi there")
    for entry in entries:
        assert len(entry["top_logprobs"]) == 3
        assert entry["token"] == entry["top_logprobs"][0]["token"]
        assert sum(math.exp(top["logprob"]) for top in entry["top_logprobs"]) <= 1.0001


def test_logprobs_of_a_delta_of_several_tokens(engine: Server) -> None:
    script = {"script": TEXT, "script_unit": "character", "script_cuts": [6, 7]}
    choices = streamed(engine, script, logprobs=True, top_logprobs=1)
    found = [choice["logprobs"]["content"] for choice in choices if choice.get("logprobs")]
    assert [len(entries) for entries in found][:3] == [6, 1, len(TEXT) - 7]
    assert "".join(entry["token"] for entries in found for entry in entries).startswith(TEXT)


def test_prompt_logprobs(engine: Server) -> None:
    answer = chat(engine, vllm_xargs={"script": "Hi"}, prompt_logprobs=2)
    entries = answer["prompt_logprobs"]
    assert len(entries) == answer["usage"]["prompt_tokens"]
    assert entries[0] is None
    assert all(len(entry) in {2, 3} for entry in entries[1:])


def test_many_streams_at_once_are_cut_as_each_says(engine: Server) -> None:
    def one(cut: int) -> list[int]:
        return deltas(engine, {"script": TEXT, "script_unit": "character", "script_cuts": [cut]})

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(one, range(1, 33)))
    assert [cuts[:2] for cuts in found] == [[cut, len(TEXT) - cut] for cut in range(1, 33)]
