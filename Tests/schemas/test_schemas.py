"""A real JSON Schema validator and our own reader must say the same of every event line.

Lines are made from the schemas with a fixed seed, whole and mutated, and judged by both. Not compared:
what a schema cannot say, which the doc comment of SchemaDocument.swift lists.
"""

import json
import pathlib
import random
import re
import subprocess
import unittest

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEED = 20261123
VALID = [
    "D03", "2026-10-31", "2026-10", "+08:00", "2026-11-22T03:00:01.412Z", "12.5",
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "D03+1a2b3c4d/17.2", "D03+1a2b3c4d",
    "D18+295fc662+AVrok8Xx3fYTwLXWakoVMFVeoFj7c44mIJ/y0zX7OHBR", "text/plain",
]
STRANGE = [
    "", "-x", "2026-02-30", "2026-13", "-00:00", "1.50", "-0", "D+1/0.1", "a/b/c", 7, True, [], {},
    "0000-01-01", "2024-02-29", "2023-02-29", "\u202e", "+18:01",
]


def judge(lines):
    path = subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    text = "".join(line + "\n" for line in lines)
    out = subprocess.run(
        [path + "/specification", "judge"], input=text, capture_output=True, text=True, check=True)
    return [line == "ok" for line in out.stdout.splitlines()]


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


def mutated(event, rng):
    """The event with one member dropped, added, or replaced."""
    event = json.loads(json.dumps(event))
    places = []

    def walk(value):
        for key in value if isinstance(value, dict) else range(len(value)):
            places.append((value, key))
            if isinstance(value[key], (dict, list)):
                walk(value[key])

    walk(event)
    value, key = rng.choice(places)
    chance = rng.random()
    if chance < 0.25:
        del value[key]
    elif chance < 0.4 and isinstance(value, dict):
        value["zz"] = 1
    else:
        value[key] = rng.choice(STRANGE + VALID)
    return event


class Schemas(unittest.TestCase):
    def test_the_reader_agrees_with_a_real_validator(self):
        rng = random.Random(SEED)
        lines, expected = [], []
        schemas = sorted((ROOT / "Schemas" / "events").glob("*.json"))
        self.assertEqual(len(schemas), 45)
        for path in schemas:
            schema = json.loads(path.read_text(encoding="utf-8"))
            jsonschema.Draft202012Validator.check_schema(schema)
            validator = jsonschema.Draft202012Validator(schema)
            for _ in range(40):
                whole = example(schema, rng)
                self.assertTrue(validator.is_valid(whole), (path.name, whole))
                for event in (whole, mutated(whole, rng)):
                    lines.append(
                        json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
                    expected.append(validator.is_valid(event))
        verdicts = judge(lines)
        self.assertEqual(len(verdicts), len(lines))
        differing = [
            line for line, one, other in zip(lines, expected, verdicts) if one != other]
        self.assertEqual(differing, [], f"seed {SEED}")
        self.assertGreater(sum(expected), 1800)
        self.assertGreater(len(expected) - sum(expected), 800)


if __name__ == "__main__":
    unittest.main()
