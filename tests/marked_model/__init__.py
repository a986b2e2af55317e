"""The fixture model's tokenizer with the markers of other dialects."""
