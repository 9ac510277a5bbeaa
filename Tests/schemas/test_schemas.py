"""A real JSON Schema validator and our own reader must say the same of every event line.

Lines are made from the schemas with a fixed seed, whole and mutated, and judged by both. Not compared:
what a schema cannot say, which the doc comment of SchemaDocument.swift lists.
"""

import os
import random
import re
import sys
import unittest

import jsonschema
import referencing

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from both_readers import SCHEMAS, SEED, VALID, judge, mutated, validator, written


def example(schema, rng):
    """A value that the schema accepts."""
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema["type"]
    if kind == "integer":
        return rng.choice([schema["minimum"], schema["maximum"]])
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "array":
        return [example(schema["items"], rng) for _ in range(max(1, schema["minItems"]))]
    if kind == "object":
        if isinstance(schema.get("additionalProperties"), dict):
            return {"I1": example(schema["additionalProperties"], rng)}
        required = schema.get("required", [])
        return {
            name: example(part, rng)
            for name, part in schema.get("properties", {}).items()
            if name in required or rng.random() < 0.5
        }
    if "maxLength" in schema:
        return "text"
    return next(text for text in VALID if re.search(schema["pattern"], text))


class Schemas(unittest.TestCase):
    def test_the_reader_agrees_with_a_real_validator(self):
        rng = random.Random(SEED)
        lines, expected = [], []
        names = sorted(path.name for path in (SCHEMAS / "events").glob("*.json"))
        self.assertEqual(len(names), 45)
        for name in names:
            one = validator(f"events/{name}")
            for _ in range(40):
                whole = example(one.schema, rng)
                self.assertTrue(one.is_valid(whole), (name, whole))
                for event in (whole, mutated(whole, rng)):
                    lines.append(written(event))
                    expected.append(one.is_valid(event))
        verdicts = judge(lines)
        self.assertEqual(len(verdicts), len(lines))
        differing = [
            line for line, one, other in zip(lines, expected, verdicts) if one != other]
        self.assertEqual(differing, [], f"seed {SEED}")
        self.assertGreater(sum(expected), 1800)
        self.assertGreater(len(expected) - sum(expected), 800)

    def test_the_schema_of_any_event_takes_one_of_each_and_no_other(self):
        rng = random.Random(SEED)
        kinds = [validator(f"events/{path.name}").schema for path in (SCHEMAS / "events").glob("*.json")]
        registry = referencing.Registry().with_resources(
            (kind["$id"], referencing.Resource.from_contents(kind)) for kind in kinds)
        schema = validator("event.json").schema
        self.assertEqual({one["$ref"] for one in schema["oneOf"]}, {kind["$id"] for kind in kinds})
        anything = jsonschema.Draft202012Validator(schema, registry=registry)
        for kind in kinds:
            event = example(kind, rng)
            self.assertTrue(anything.is_valid(event), event)
            self.assertFalse(anything.is_valid({**event, "type": "nothing.said"}), event)


if __name__ == "__main__":
    unittest.main()
