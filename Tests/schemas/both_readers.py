"""Judges the same lines by a real JSON Schema validator and by our own reader, whole and mutated."""

import json
import pathlib
import random
import re
import subprocess

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "Schemas"
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


def built():
    """The folder of what was built."""
    return pathlib.Path(subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip())


def written(value):
    """Canonical JSON, as the reader wants it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def judge(lines, what="judge"):
    """Whether our reader takes each line: an event, or with `judge-header` a header."""
    text = "".join(line + "\n" for line in lines)
    out = subprocess.run(
        [built() / "specification", what], input=text, capture_output=True, text=True, check=True)
    return [line == "ok" for line in out.stdout.splitlines()]


def validator(name):
    """A validator of one schema, which must itself be one."""
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def mutated(value, rng, strange=STRANGE + VALID):
    """The value with one member dropped, added, or replaced."""
    value = json.loads(json.dumps(value))
    places = []

    def walk(value):
        for key in value if isinstance(value, dict) else range(len(value)):
            places.append((value, key))
            if isinstance(value[key], (dict, list)):
                walk(value[key])

    walk(value)
    holder, key = rng.choice(places)
    chance = rng.random()
    if chance < 0.25:
        del holder[key]
    elif chance < 0.4 and isinstance(holder, dict):
        holder["zz"] = 1
    else:
        holder[key] = rng.choice(strange)
    return value
