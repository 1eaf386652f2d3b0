package backup

import (
	"bytes"
	"compress/gzip"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"ostoja/internal/errs"
)

// The signature stands at the end, in the extra field (RFC 1952 section 2.3.1.1) of a gzip member that holds nothing: programs that
// unpack gzip pass over it, and each of its bytes but key and signature is known in advance, so that none can be altered.
const (
	subfield = "Os\x60\x00" // the field's two letters and its length of 96, low byte first
	purpose  = "ostoja backup"
)

// signing says which of its kinds Ed25519 is: of a SHA-512 sum, within our own context (RFC 8032 section 5.1).
var signing = &ed25519.Options{Hash: crypto.SHA512, Context: purpose}

// ending returns the member that holds a key and a signature.
func ending(key ed25519.PublicKey, signature []byte) ([]byte, error) {
	var b bytes.Buffer
	zip := gzip.NewWriter(&b)
	zip.Extra = append(append([]byte(subfield), key...), signature...)
	err := zip.Close()
	return b.Bytes(), err
}

// endingSize is the length of every ending.
var endingSize = func() int64 {
	b, err := ending(make([]byte, ed25519.PublicKeySize), make([]byte, ed25519.SignatureSize))
	if err != nil {
		panic(err) // a buffer takes everything
	}
	return int64(len(b))
}()

func sign(key ed25519.PrivateKey, sum []byte) ([]byte, error) {
	signature, err := key.Sign(nil, sum, signing)
	if err != nil {
		return nil, err
	}
	return ending(key.Public().(ed25519.PublicKey), signature)
}

// parseEnding returns the key and the signature of an ending, or nil if it is none.
func parseEnding(b []byte) (key ed25519.PublicKey, signature []byte) {
	zip, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil || len(zip.Extra) != len(subfield)+ed25519.PublicKeySize+ed25519.SignatureSize {
		return nil, nil
	}
	both := zip.Extra[len(subfield):]
	key, signature = both[:ed25519.PublicKeySize], both[ed25519.PublicKeySize:]
	if same, err := ending(key, signature); err != nil || !bytes.Equal(same, b) {
		return nil, nil
	}
	return key, signature
}

// MakeKey returns the key in a file, which signs backups, and makes both if there is no file yet. It must not lie where the backups
// do: who has it can sign what they altered.
func MakeKey(path string) (_ ed25519.PrivateKey, err error) {
	defer errs.Wrap(&err, "the key that signs backups (--backup-key)")
	key, err := ReadKey(path)
	if !errors.Is(err, os.ErrNotExist) {
		return key, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if _, key, err = ed25519.GenerateKey(rand.Reader); err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".backup-key-*") // readable for its owner alone
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, err
	}
	// A link, and not a rename: of two first backups at once, one makes the key and both use it.
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	if err := syncFolder(path); err != nil {
		return nil, err
	}
	return ReadKey(path)
}

// ReadKey returns the key in a file (PKCS #8 in PEM, RFC 5958 and 7468).
func ReadKey(path string) (ed25519.PrivateKey, error) {
	b, err := os.ReadFile(path) //nolint:gosec // the administrator names it
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil {
		return nil, fmt.Errorf("%s holds no key", path)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, errors.Join(err, fmt.Errorf("%s holds no Ed25519 key", path))
	}
	return key, nil
}

// Signer returns the public part of a key in letters, to be written down and given to whoever restores. It is no secret.
func Signer(key ed25519.PublicKey) string { return base64.StdEncoding.EncodeToString(key) }

// ParseSigner reads what Signer returned.
func ParseSigner(text string) (ed25519.PublicKey, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != ed25519.PublicKeySize {
		return nil, fmt.Errorf("%q is not the key of a backup: it has %d letters and signs", text, base64.StdEncoding.EncodedLen(ed25519.PublicKeySize))
	}
	return b, nil
}

// Recipients reads the public keys of age (age1…) in a text, between spaces or commas.
func Recipients(text string) ([]age.Recipient, error) {
	lines := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,\t\r\n", r) }), "\n")
	if lines == "" {
		return nil, nil
	}
	return age.ParseRecipients(strings.NewReader(lines))
}

// Identities reads a file of private keys of age, as age-keygen writes it.
func Identities(path string) (_ []age.Identity, err error) {
	f, err := os.Open(path) //nolint:gosec // the administrator names it
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return age.ParseIdentities(f)
}
