"""Write the files of this folder anew: the fixture model's tokenizer with the markers of other call syntaxes.

    python -m tests.marked_model.make

No weights: only the scripted engine serves it.
"""

import json
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
FIXTURE = FOLDER.with_name("fixture_model")
COPIED = ("chat_template.jinja", "generation_config.json", "tokenizer_config.json")
MARKERS = {
    "<tool_call>": False,
    "</tool_call>": False,
    "<think>": False,
    "</think>": False,
    "<|python_tag|>": True,
}
"""Token -> whether it is special, as in the vocabularies of Qwen 2.5 and 3, and of Llama 3."""


def written(name: str) -> dict[str, Any]:
    """Return a JSON file of the fixture model."""
    data: dict[str, Any] = json.loads((FIXTURE / name).read_text("utf-8"))
    return data


def with_markers(tokenizer: dict[str, Any], size: int) -> dict[str, Any]:
    """Return a tokenizer of so many tokens with the markers behind them."""
    like = tokenizer["added_tokens"][0]
    markers = [
        {**like, "id": size + number, "content": marker, "special": special}
        for number, (marker, special) in enumerate(MARKERS.items())
    ]
    return {**tokenizer, "added_tokens": [*tokenizer["added_tokens"], *markers]}


def files() -> dict[str, str]:
    """Return what each file of the folder holds."""
    config = written("config.json")
    size = config["vocab_size"]
    made = {
        "config.json": {**config, "vocab_size": size + len(MARKERS)},
        "tokenizer.json": with_markers(written("tokenizer.json"), size),
    }
    copied = {name: (FIXTURE / name).read_text("utf-8") for name in COPIED}
    return copied | {
        name: json.dumps(data, ensure_ascii=False, indent=2) + "\n" for name, data in made.items()
    }


def main() -> None:
    """Write the files."""
    for name, text in files().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
