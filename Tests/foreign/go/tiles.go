package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// folder reads the tiles of an export. tlog-tiles names them as sumdb does, but for the height, which
// is always 8 and left out, and for what the entries are called.
type folder string

func (f folder) Height() int                         { return tileHeight }
func (f folder) SaveTiles(_ []tlog.Tile, _ [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), tilePath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func tilePath(tile tlog.Tile) string {
	name := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if text, found := strings.CutPrefix(name, "data/"); found {
		name = "entries/" + text
	}
	return "tile/" + name
}

// checkTiles hashes every entry of an export, rebuilds the tree from them alone, and holds its root,
// every stored tile and proofs of its entries against the signed checkpoint.
func checkTiles(path, key string) (string, error) {
	data, err := os.ReadFile(filepath.Join(path, "checkpoint"))
	if err != nil {
		return "", err
	}
	tree, err := openCheckpoint(data, key)
	if err != nil {
		return "", err
	}
	// The tree from the entries: every hash that sumdb would store, in its own order.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var all []tlog.Hash
		for _, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, errors.New("a hash is asked for that is not there yet")
			}
			all = append(all, stored[index])
		}
		return all, nil
	})
	for first := int64(0); first < tree.N; first += 1 << tileHeight {
		entries, err := readBundle(folder(path), first, min(tree.N-first, 1<<tileHeight))
		if err != nil {
			return "", err
		}
		for i, entry := range entries {
			added, err := tlog.StoredHashes(first+int64(i), entry, reader)
			if err != nil {
				return "", err
			}
			stored = append(stored, added...)
		}
	}
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil {
		return "", err
	}
	if root != tree.Hash {
		return "", fmt.Errorf("the entries hash to %v, and the checkpoint says %v", root, tree.Hash)
	}
	// Every stored tile: what the entries make of it, and no other byte.
	tiles := 0
	all := tlog.NewTiles(tileHeight, 0, tree.N)
	for i, tile := range all {
		// Of a tile that grew, sumdb lists every width; an export has the last.
		if i+1 < len(all) && all[i+1].L == tile.L && all[i+1].N == tile.N {
			continue
		}
		made, err := tlog.ReadTileData(tile, reader)
		if err != nil {
			return "", err
		}
		kept, err := os.ReadFile(filepath.Join(path, tilePath(tile)))
		if err != nil {
			return "", err
		}
		if string(made) != string(kept) {
			return "", fmt.Errorf("%s is not what the entries hash to", tilePath(tile))
		}
		tiles++
	}
	// And proofs from the tiles alone, which sumdb authenticates against the root: of every entry, or of
	// some 512 evenly spread ones.
	fromTiles := tlog.TileHashReader(tree, folder(path))
	step := max(tree.N/512, 1)
	proven := 0
	for index := int64(0); index < tree.N; index += step {
		proof, err := tlog.ProveRecord(tree.N, index, fromTiles)
		if err != nil {
			return "", err
		}
		leaf := stored[tlog.StoredHashIndex(0, index)]
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
			return "", fmt.Errorf("entry %d: %w", index, err)
		}
		proven++
	}
	return fmt.Sprintf("%d entries, %d tiles, %d proofs, root %v", tree.N, tiles, proven, root), nil
}

// readBundle splits an entry bundle: before each entry, two bytes of length.
func readBundle(f folder, first, count int64) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: -1, N: first >> tileHeight, W: int(count)}
	read, err := f.ReadTiles([]tlog.Tile{tile})
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	rest := read[0]
	for range count {
		if len(rest) < 2 || len(rest)-2 < int(binary.BigEndian.Uint16(rest)) {
			return nil, fmt.Errorf("%s ends in the middle of an entry", tilePath(tile))
		}
		end := 2 + int(binary.BigEndian.Uint16(rest))
		entries = append(entries, rest[2:end])
		rest = rest[end:]
	}
	if len(rest) != 0 {
		return nil, fmt.Errorf("%s goes on after its last entry", tilePath(tile))
	}
	return entries, nil
}
