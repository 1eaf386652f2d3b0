// Package seal encrypts and authenticates small values that leave the server and come back: the answers of a form whose
// session had expired, a flash message. AES-256-GCM with a random nonce; the purpose is authenticated with the value, so
// that what was sealed for one use cannot be presented for another.
//
// Goals: the server keeps nothing for who may never come back, and still believes nothing that it did not write; all failures
// look the same to who tries. Limits: a sealed value can be presented again until the key changes, so what may happen once
// needs a row in the database; its length shows; it is for small values, and at most 2^32 of them under one key (NIST
// SP 800-38D, section 8.3, for random nonces), which at a thousand a second is 49 days of nothing else.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
)

// errBroken says that the value was not sealed by this server for this purpose, or was changed since.
var errBroken = errors.New("seal: broken")

// Key is the installation's secret of 32 bytes.
type Key [32]byte

// NewKey returns a random key.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails (crypto/rand documentation)
	return k
}

// Close seals v, which must marshal to JSON, for a purpose, and returns it in letters that are safe in URLs and forms.
func (k Key) Close(purpose string, v any) (string, error) {
	plain, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	a := k.aead()
	nonce := make([]byte, a.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand documentation)
	return base64.RawURLEncoding.EncodeToString(a.Seal(nonce, nonce, plain, []byte(purpose))), nil
}

// Open puts into v what Close sealed for the same purpose, or returns errBroken, without saying what was wrong: a difference
// between "not ours" and "altered" would help nobody but who tries. Another error means that v is not what was sealed, which
// is a mistake in the code.
func (k Key) Open(purpose, sealed string, v any) error {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	a := k.aead()
	if err != nil || len(b) < a.NonceSize() {
		return errBroken
	}
	plain, err := a.Open(nil, b[:a.NonceSize()], b[a.NonceSize():], []byte(purpose))
	if err != nil {
		return errBroken
	}
	return json.Unmarshal(plain, v)
}

// Derive returns a key of its own for a purpose, from which the installation's secret cannot be found.
func (k Key) Derive(purpose string) [32]byte {
	m := hmac.New(sha256.New, k[:])
	m.Write([]byte("derive " + purpose)) // never fails
	return [32]byte(m.Sum(nil))
}

// Index returns a keyed hash of a value: the same value gives the same index, and nobody without the key can try values
// against it. Indexes are kept in the database: how they are made must not change.
func (k Key) Index(purpose, value string) string {
	m := hmac.New(sha256.New, k[:])
	m.Write([]byte(purpose + "\x00" + value))
	return hex.EncodeToString(m.Sum(nil))
}

func (k Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // a key of 32 bytes is always accepted
	}
	a, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // AES has the block size that GCM needs
	}
	return a
}

// String returns the key in hexadecimal, for keeping. It is a secret.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// ParseKey reads what String returned.
func ParseKey(s string) (Key, error) {
	var k Key
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(k) {
		return k, errors.New("seal: not a key")
	}
	copy(k[:], b)
	return k, nil
}
