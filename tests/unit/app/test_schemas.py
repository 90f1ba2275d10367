"""Each file that Battuta reads has a schema and an example that it reads."""

import json

import pytest

from battuta.app.schemas import SCHEMAS


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_json_and_example_is_toml(name):
    import tomllib

    schema, example = SCHEMAS[name]
    assert json.loads(schema())
    assert tomllib.loads(example())
