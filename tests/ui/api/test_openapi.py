"""The contract other programs read: complete, in French, and true to its own schemas."""

from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from ui.api.openapi import EXAMPLES, TAGS, operations

Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture
def contract(client: TestClient) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/v1/openapi.json").json()
    return found


@pytest.fixture
def described(contract: dict[str, Any]) -> list[Operation]:
    return list(operations(contract))


def answer_of(operation: dict[str, Any]) -> dict[str, Any]:
    return next(answer for status, answer in operation["responses"].items() if status.startswith("2"))


def examples_of(content: dict[str, Any], contract: dict[str, Any]) -> list[Any]:
    """The examples of a media type, or those of its schema."""
    if "example" in content:
        return [content["example"]]
    if "examples" in content:
        return [one["value"] for one in content["examples"].values()]
    name = content.get("schema", {}).get("$ref", "").removeprefix("#/components/schemas/")
    return list(contract["components"]["schemas"].get(name, {}).get("examples", []))


def test_every_operation_says_in_french_what_it_does(described: list[Operation]) -> None:
    for name, _, operation in described:
        assert operation.get("summary") and operation.get("description"), name
        assert set(operation.get("tags", ())) <= set(TAGS) and operation["tags"], name
        assert all(answer["description"] != "Successful Response" for answer in operation["responses"].values()), name


def test_every_request_and_every_answer_has_an_example(described: list[Operation], contract: dict[str, Any]) -> None:
    without = []
    for name, _, operation in described:
        contents = {"request": operation.get("requestBody", {}).get("content", {})}
        contents["answer"] = answer_of(operation).get("content", {})
        for side, by_type in contents.items():
            without += [(name, side, one) for one, content in by_type.items() if not examples_of(content, contract)]
    assert not without, f"to be added to {EXAMPLES.name}"


def test_the_examples_have_the_shape_they_illustrate(described: list[Operation], contract: dict[str, Any]) -> None:
    checked = 0
    for name, _, operation in described:
        for by_type in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media_type, content in by_type.get("content", {}).items():
                if "json" not in media_type:
                    continue
                schema = content.get("schema", {}) | {"components": contract["components"]}
                for example in examples_of(content, contract):
                    try:
                        jsonschema.validate(example, schema)
                    except jsonschema.ValidationError as error:
                        pytest.fail(f"{name}, {media_type}: {error.message} at {list(error.absolute_path)}")
                    checked += 1
    assert checked > 100


def test_every_error_is_declared_with_its_body(described: list[Operation]) -> None:
    for name, path, operation in described:
        answers = operation["responses"]
        errors = {status: answer for status, answer in answers.items() if status >= "400"}
        expected = {"500"} | ({"401", "403", "429", "503"} if operation.get("security") else set())
        expected |= {"400", "413", "422"} if "requestBody" in operation else set()
        expected |= {"404"} if "{" in path else set()
        assert expected <= set(errors), name
        for status, answer in errors.items():
            content = answer["content"]["application/problem+json"]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, name
            assert content["example"]["status"] == int(status), name


def test_every_address_of_the_api_asks_for_a_key(described: list[Operation]) -> None:
    for name, path, operation in described:
        if path.startswith("/v1/"):
            assert operation["security"] == [{"bearer": []}], name


def test_every_field_of_the_path_has_an_example(described: list[Operation]) -> None:
    for name, _, operation in described:
        for parameter in operation.get("parameters", ()):
            shown = parameter.keys() & {"example", "examples"} or parameter["schema"].keys() & {"examples"}
            assert parameter["in"] != "path" or shown, (name, parameter["name"])


def test_the_contract_says_how_it_may_change(contract: dict[str, Any]) -> None:
    said = contract["info"]["description"]
    assert "douze mois" in said and "`Deprecation`" in said and "`Sunset`" in said
    assert contract["info"]["license"] == {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}


def test_streams_are_described(contract: dict[str, Any]) -> None:
    stream = contract["paths"]["/v1/ask/stream"]["post"]["responses"]["200"]["content"]["text/event-stream"]
    (events,) = (one["value"] for one in stream["examples"].values())
    assert next(line for line in events.split("\n") if line.startswith("event: ")) == "event: passages"
    assert "event: reply" in events


def test_an_openai_address_shows_openai_s_error_too(contract: dict[str, Any]) -> None:
    answers = contract["paths"]["/v1/chat/completions"]["post"]["responses"]
    example = answers["429"]["content"]["application/problem+json"]["example"]
    assert example["error"]["type"] == "rate_limit_error" and example["error"]["message"] == example["detail"]


def test_no_name_of_our_modules_shows(contract: dict[str, Any]) -> None:
    assert not [name for name in contract["components"]["schemas"] if "__" in name]
