"""Asks a witness for a cosignature with the client of aics-witness; prints the cosigned checkpoint.

    ask_witness.py tiles URL WITNESS FOLDER    for the log of which an export lies in the folder
    ask_witness.py key                         the key of a log that aics-tlog makes here
    ask_witness.py log URL WITNESS SIZE LINE   for that log at a size, with an extension line if not empty

Run by the Python of those packages.
"""
import base64
import sys

from aics_tlog import format_vkey, parse_checkpoint, parse_note, sign_note, vkey_from_ed25519
from aics_tlog.note import Note
from aics_tlog.remote import HttpTileReader, tile_source_url
from aics_tlog.tiles import consistency_proof_from_tiles
from aics_tlog.tree import MerkleTree
from aics_tlog.verified import VerifiedTileReader
from aics_witness.feeder import WitnessClient, merge_cosignatures
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "elsewhere.example/log"
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def from_tiles(folder):
    with open(f"{folder}/checkpoint", "rb") as file:
        note = file.read()
    checkpoint = parse_checkpoint(parse_note(note).text)
    reader = HttpTileReader([tile_source_url(folder)])
    tiles = VerifiedTileReader(reader, checkpoint.size, checkpoint.root)
    return note, lambda old, new: consistency_proof_from_tiles(tiles, old, new)


def of_this_log(size, line):
    tree = MerkleTree(b"entry %d" % number for number in range(size))
    root = base64.b64encode(tree.root()).decode()
    text = f"{ORIGIN}\n{size}\n{root}\n" + (line + "\n" if line else "")
    return Note(text, (sign_note(text, SECRET, ORIGIN),)).to_bytes(), tree.consistency_proof


verb, *arguments = sys.argv[1:]
if verb == "key":
    print(format_vkey(vkey_from_ed25519(ORIGIN, SECRET.public_key())))
else:
    url, key, *arguments = arguments
    note, proof = from_tiles(*arguments) if verb == "tiles" else of_this_log(int(arguments[0]), arguments[1])
    lines = WitnessClient(url, key, max_attempts=1).submit(note, proof)
    sys.stdout.buffer.write(merge_cosignatures(note, lines))
