// Command onus-others checks what Onus writes with golang.org/x/mod/sumdb, the packages that the go
// command itself trusts for signed notes and for the tiles of the checksum database. No hash, tree,
// proof or signature is computed here: only file names and the frames around them are ours.
//
//	onus-others tiles FOLDER LOGKEY          every entry of an export, its tiles and its root
//	onus-others note FILE KEY...             a signed note, on which every key must have signed
//	onus-others receipt FILE NOTE LOGKEY     the two proofs of a receipt
//
// It prints one line of what held and exits 0, or prints `refused: …` and exits 1.
package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	said, err := run(os.Args[1:])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println(said)
}

func run(arguments []string) (string, error) {
	switch {
	case len(arguments) == 3 && arguments[0] == "tiles":
		return checkTiles(arguments[1], arguments[2])
	case len(arguments) >= 3 && arguments[0] == "note":
		return checkNote(arguments[1], arguments[2:])
	case len(arguments) == 4 && arguments[0] == "receipt":
		return checkReceipt(arguments[1], arguments[2], arguments[3])
	}
	return "", errors.New("usage: onus-others tiles|note|receipt ARGUMENT...")
}

// checkNote opens a signed note and fails unless each of the keys has signed it.
func checkNote(file string, keys []string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var verifiers []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return "", fmt.Errorf("key %q: %w", key, err)
		}
		verifiers = append(verifiers, verifier)
	}
	opened, err := note.Open(data, note.VerifierList(verifiers...))
	if err != nil {
		return "", err
	}
	if len(opened.Sigs) != len(keys) {
		return "", fmt.Errorf("%d of %d keys have signed", len(opened.Sigs), len(keys))
	}
	return fmt.Sprintf("note of %d bytes: %d verified, %d of unknown keys", len(opened.Text),
		len(opened.Sigs), len(opened.UnverifiedSigs)), nil
}

// openCheckpoint verifies a checkpoint and returns its tree. sumdb has a parser for its own log only,
// whose origin is fixed, so the three lines are read here.
func openCheckpoint(data []byte, key string) (tlog.Tree, error) {
	var tree tlog.Tree
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return tree, err
	}
	opened, err := note.Open(data, note.VerifierList(verifier))
	if err != nil {
		return tree, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return tree, errors.New("not a checkpoint of this log")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

// checkReceipt checks both proofs of a receipt against the submission that it is for.
func checkReceipt(file, noteFile, key string) (string, error) {
	receipt, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	submission, err := os.ReadFile(noteFile)
	if err != nil {
		return "", err
	}
	head, rest, _ := strings.Cut(string(receipt), "\n\n")
	proof, checkpoint, found := strings.Cut(rest, "\n\n")
	if !found {
		return "", errors.New("not a receipt")
	}
	tree, err := openCheckpoint([]byte(checkpoint), key)
	if err != nil {
		return "", err
	}
	// The tlog-proof: header, extra, index, and the path.
	lines := strings.Split(proof, "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return "", errors.New("not a tlog-proof")
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return "", err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return "", err
	}
	path, err := hashes(lines[3:])
	if err != nil {
		return "", err
	}
	leaf := tlog.RecordHash(append(extra, submission...))
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf); err != nil {
		return "", err
	}
	said := fmt.Sprintf("entry %d is in %d", index, tree.N)
	// The consistency proof, from the root that the author had seen.
	from, old, new := -1, int64(0), int64(0)
	lines = strings.Split(head, "\n")
	for i, line := range lines {
		if text, found := strings.CutPrefix(line, "old "); found {
			old, err = strconv.ParseInt(text, 10, 64)
		} else if text, found := strings.CutPrefix(line, "new "); found && err == nil {
			new, err = strconv.ParseInt(text, 10, 64)
			from = i + 1
		}
	}
	if err != nil || new != tree.N && from >= 0 {
		return "", errors.New("the consistency proof is not to the checkpoint")
	}
	if from < 0 {
		return said, nil // Entry 0 had nothing before it.
	}
	steps, err := hashes(lines[from:])
	if err != nil {
		return "", err
	}
	_, after, found := bytes.Cut(submission, []byte(`"seen":{"root":"`))
	if !found || len(after) < 44 {
		return "", errors.New("the submission says no root that it had seen")
	}
	seen, err := tlog.ParseHash(string(after[:44]))
	if err != nil {
		return "", err
	}
	if err := tlog.CheckTree(steps, tree.N, tree.Hash, old, seen); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s, which extends the %d seen", said, old), nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		all = append(all, hash)
	}
	return all, nil
}
