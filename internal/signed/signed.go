// Package signed lists files with their hashes and signs the list, so that whoever got the files over any way can tell whether they are as they were made, and by whom.
//
// Goals: the list is what sha256sum reads, so that damage is found without this program; one key of an installation signs one purpose (decision 0020); who was not told whose
// key to expect is told so, since whoever changes files can sign them anew. Limits: it neither packs nor writes files; that a package is old is not seen by a signature: what it
// is of stands in one of its files.
package signed

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// Names of the files that are added.
const (
	Sums      = "SHA256SUMS"           // as sha256sum reads it
	Signature = "SHA256SUMS.sig"       // Ed25519 of Sums, base64
	PublicKey = "SHA256SUMS.publickey" // base64; compare it with the one that the office publishes
)

// File is a file with its name.
type File struct {
	Name    string // with strokes between folders
	Content []byte
}

// Key makes the key of a purpose from its seed; see seal.Key.Derive.
func Key(seed [32]byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(seed[:]) }

// Sign returns the three files that belong to a list: hashes, signature, public key. The list's order is that of the hashes.
func Sign(list []File, key ed25519.PrivateKey) []File {
	var sums bytes.Buffer
	for _, f := range list {
		sum := sha256.Sum256(f.Content)
		fmt.Fprintf(&sums, "%s  %s\n", hex.EncodeToString(sum[:]), f.Name)
	}
	text := func(b []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(b) + "\n") }
	return []File{{Sums, sums.Bytes()}, {Signature, text(ed25519.Sign(key, sums.Bytes()))}, {PublicKey, text(key.Public().(ed25519.PublicKey))}}
}

// Public returns the public part of a signing key, base64.
func Public(key ed25519.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey))
}

// Fingerprint is short enough to be read out over the telephone: the SHA-256 of a public key, in groups of four hexadecimal digits.
func Fingerprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	digits := hex.EncodeToString(sum[:])
	var groups []string
	for i := 0; i < len(digits); i += 4 {
		groups = append(groups, digits[i:i+4])
	}
	return strings.Join(groups, " ")
}

// SameFingerprint says whether a fingerprint that somebody typed is that of a key, however they set the groups.
func SameFingerprint(typed string, public ed25519.PublicKey) bool {
	plain := func(s string) string {
		return strings.Map(func(r rune) rune {
			if strings.ContainsRune(" :-\t\n", r) {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	return plain(typed) == plain(Fingerprint(public))
}

// Checked is what a check of signed files has shown.
type Checked struct {
	Key    ed25519.PublicKey // that signed
	Listed map[string]bool   // the names that belong there, the three added ones among them
	Files  int               // of the list
}

// Check checks files against their list, its signature, and what expect says of the key; nil expects none. read returns a file by its name and MUST fail for what is not
// there. What is there and not in the list is for the caller to find. The error names every file that is missing or changed.
func Check(read func(name string) ([]byte, error), expect func(key ed25519.PublicKey) error) (c Checked, err error) {
	sums, err := read(Sums)
	if err != nil {
		return c, err
	}
	if c.Key, err = checkSignature(read, sums, expect); err != nil {
		return c, err
	}
	c.Listed = map[string]bool{Sums: true, Signature: true, PublicKey: true}
	var faults []error
	for line := range strings.SplitSeq(strings.TrimSpace(string(sums)), "\n") {
		want, name, ok := strings.Cut(line, "  ")
		if !ok || !filepath.IsLocal(filepath.FromSlash(name)) {
			return c, fmt.Errorf("%s: a line that is none", Sums)
		}
		c.Listed[name] = true
		content, err := read(name)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != want {
			faults = append(faults, fmt.Errorf("%s was changed", name))
		}
		c.Files++
	}
	return c, errors.Join(faults...)
}

func checkSignature(read func(name string) ([]byte, error), sums []byte, expect func(key ed25519.PublicKey) error) (ed25519.PublicKey, error) {
	decode := func(name string) ([]byte, error) {
		text, err := read(name)
		if err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	}
	signature, err := decode(Signature)
	if err != nil {
		return nil, err
	}
	key, err := decode(PublicKey)
	if err != nil {
		return nil, err
	}
	if expect != nil {
		if err := expect(key); err != nil {
			return nil, err
		}
	}
	if len(key) != ed25519.PublicKeySize || !ed25519.Verify(key, sums, signature) {
		return nil, errors.New("the list of hashes does not bear the signature of this key")
	}
	return key, nil
}
