package backup_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"ostoja/internal/backup"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// made is a backup of a kind, and who may read it.
type made struct {
	name           string
	content, other []byte // two backups, both signed by the same key
	trust          backup.Trust
	to             age.Recipient
	secret, public string // the key of age
}

// kinds returns a backup of each kind; the first is not encrypted.
func kinds(t testing.TB) []made {
	t.Helper()
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	both := backup.Trust{Signers: trusted.Signers, Identities: []age.Identity{hybrid, classic}}
	list := []made{
		{name: "plain", trust: trusted},
		{name: "classic", trust: both, to: classic.Recipient(), secret: classic.String(), public: classic.Recipient().String()},
		{name: "hybrid", trust: both, to: hybrid.Recipient(), secret: hybrid.String(), public: hybrid.Recipient().String()},
	}
	d := dbtest.SQLite(t)
	write := func(k made) []byte {
		p := backup.Protection{Key: key}
		if k.to != nil {
			p.To = []age.Recipient{k.to}
		}
		var b bytes.Buffer
		if _, err := backup.Write(t.Context(), d, now, &b, p); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	for i, k := range list {
		list[i].content = write(k)
	}
	addUnit(t, d)
	for i, k := range list {
		list[i].other = write(k)
	}
	return list
}

func addUnit(t testing.TB, d *db.DB) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		return db.Exec(t.Context(), tx, `INSERT INTO unit (id, path, kind, name, created_at) VALUES ('9', '/9/', 'office', 'Biuro', 1)`)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func opens(b []byte, trust backup.Trust) error {
	_, err := backup.Open(bytes.NewReader(b), int64(len(b)), trust)
	return err
}

// Whatever is done to a backup, it is refused before anything of it is used, whether it is encrypted or not.
func TestNoByteOfABackupCanBeAltered(t *testing.T) {
	for _, k := range kinds(t) {
		if err := opens(k.content, k.trust); err != nil {
			t.Fatalf("%s: %v", k.name, err)
		}
		if k.name == "plain" { // each byte and each length; with the others that takes a minute
			for i := range k.content {
				b := bytes.Clone(k.content)
				b[i] ^= byte(1 + i%255)
				if opens(b, k.trust) == nil {
					t.Errorf("byte %d of %d was altered", i, len(b))
				}
				if opens(k.content[:i], k.trust) == nil {
					t.Errorf("cut to %d of %d bytes", i, len(b))
				}
			}
		}
		rapid.Check(t, func(rt *rapid.T) {
			b := alter(rt, k.content, k.other)
			if bytes.Equal(b, k.content) || bytes.Equal(b, k.other) {
				return
			}
			if err := opens(b, k.trust); err == nil {
				rt.Errorf("%s: an altered backup was taken", k.name)
			}
		})
	}
}

// alter does to a backup what a disk, a thief or a slip of the hand may do.
func alter(t *rapid.T, whole, other []byte) []byte {
	at := func(name string) int { return rapid.IntRange(0, len(whole)).Draw(t, name) }
	b := bytes.Clone(whole)
	i, j := at("from"), at("to")
	if i > j {
		i, j = j, i
	}
	switch rapid.SampledFrom([]string{"flip", "cut", "behead", "join", "self", "insert", "remove", "graft", "tail"}).Draw(t, "how") {
	case "flip":
		i = min(i, len(b)-1)
		b[i] ^= rapid.ByteRange(1, 255).Draw(t, "bits")
	case "cut":
		return b[:i]
	case "behead":
		return b[i:]
	case "join":
		return append(b, other...)
	case "self":
		return append(b, whole...)
	case "insert":
		return bytes.Join([][]byte{whole[:i], rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "bytes"), whole[i:]}, nil)
	case "remove":
		return append(b[:i], whole[j:]...)
	case "graft": // the beginning of one, the end of the other
		return append(b[:i], other[min(i, len(other)):]...)
	case "tail": // the rows of one under the signature of the other
		const tail = 130
		return append(b[:len(b)-tail], other[len(other)-tail:]...)
	}
	return b
}

// FuzzOpen looks for bytes that pass for a backup of a key that signed none of them.
func FuzzOpen(f *testing.F) {
	list := kinds(f)
	known := map[[32]byte]bool{}
	for _, k := range list {
		f.Add(k.content)
		f.Add(k.other)
		known[sha256.Sum256(k.content)], known[sha256.Sum256(k.other)] = true, true
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, k := range list {
			if err := opens(b, k.trust); err == nil && !known[sha256.Sum256(b)] {
				t.Errorf("%s: %q was taken", k.name, b)
			}
			if whole, err := backup.Open(bytes.NewReader(b), int64(len(b)), backup.Trust{Unverified: true, Identities: k.trust.Identities}); err == nil && whole == nil {
				t.Error("no error and no backup")
			}
		}
	})
}

func TestWhoIsTrusted(t *testing.T) {
	k := kinds(t)[0]
	_, stranger, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	theirs := backup.Trust{Signers: []ed25519.PublicKey{stranger.Public().(ed25519.PublicKey)}}
	if err := opens(k.content, theirs); err == nil || !strings.Contains(err.Error(), "--signed-by") {
		t.Errorf("by a key that is not trusted: %v", err)
	}
	if err := opens(k.content, backup.Trust{}); err == nil {
		t.Error("nobody was trusted, and it was taken")
	}
	if err := opens(k.content, backup.Trust{Unverified: true}); err != nil {
		t.Errorf("nobody asked who signed: %v", err)
	}
	if err := opens(k.content, backup.Trust{Signers: append(theirs.Signers, trusted.Signers...)}); err != nil {
		t.Errorf("one of two keys: %v", err)
	}
	// Unverified means that nobody asks who signed, not that a signature may be wrong.
	b := bytes.Clone(k.content)
	b[len(b)/2] ^= 1
	if err := opens(b, backup.Trust{Unverified: true}); err == nil {
		t.Error("an altered backup was taken, since nobody asked who signed it")
	}
}

// What this program wrote before it signed is restored when somebody says so, and two such files in one are not.
func TestUnsignedBackups(t *testing.T) {
	d := dbtest.SQLite(t)
	fill(t, d)
	old := pack(t, unpack(t, content(t, d)))
	anybody := backup.Trust{Unverified: true}
	if err := opens(old, trusted); err == nil || !strings.Contains(err.Error(), "--unverified") {
		t.Errorf("without being told to: %v", err)
	}
	if _, err := restore(t, dbtest.SQLite(t), old, anybody); err != nil {
		t.Error(err)
	}
	for name, b := range map[string][]byte{"joined": append(bytes.Clone(old), old...), "cut": old[:len(old)-1], "and a byte": append(bytes.Clone(old), 0)} {
		if err := opens(b, anybody); err == nil {
			t.Errorf("%s: was taken", name)
		}
	}
}

func TestEncryptedBackups(t *testing.T) {
	list := kinds(t)
	for _, k := range list[1:] {
		if bytes.Contains(k.content, []byte{0x1f, 0x8b, 8}) || bytes.Contains(k.content, key.Public().(ed25519.PublicKey)) {
			t.Errorf("%s: the beginning of a gzip file, or the signer's key, is to be seen", k.name)
		}
		if err := opens(k.content, trusted); err == nil || !strings.Contains(err.Error(), "--identity") {
			t.Errorf("%s, without a private key: %v", k.name, err)
		}
		other, err := age.GenerateX25519Identity()
		if err != nil {
			t.Fatal(err)
		}
		if err := opens(k.content, backup.Trust{Signers: trusted.Signers, Identities: []age.Identity{other}}); !errors.As(err, new(*age.NoIdentityMatchError)) {
			t.Errorf("%s, with another private key: %v", k.name, err)
		}
		// Whoever knows the public key can encrypt to it: that alone makes nothing of it ours.
		forged := encrypt(t, pack(t, nil), k.to)
		if err := opens(forged, k.trust); err == nil || !strings.Contains(err.Error(), "no signature") {
			t.Errorf("%s, by a stranger: %v", k.name, err)
		}
	}
	if _, err := backup.Recipients("age1xyz"); err == nil {
		t.Error("a recipient that is none was taken")
	}
	both, err := backup.Recipients(list[1].public + ", " + list[2].public)
	if err != nil || len(both) != 2 {
		t.Fatal(both, err)
	}
	if _, err := backup.Write(t.Context(), dbtest.SQLite(t), now, io.Discard, backup.Protection{Key: key, To: both}); err == nil || !strings.Contains(err.Error(), "can't mix") {
		t.Errorf("a file for a classic and a hybrid key is no better than the weaker: %v", err)
	}
}

func encrypt(t *testing.T, plain []byte, to age.Recipient) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := age.Encrypt(&b, to)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAnotherProgramReadsIt has age's implementation in JavaScript decrypt a backup, and gzip unpack it, which is what is left when
// this program is gone; and ours read what that one encrypted.
func TestAnotherProgramReadsIt(t *testing.T) {
	module, err := filepath.Abs("../../node_modules/age-encryption")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(module); err != nil {
		if os.Getenv("OSTOJA_TEST_POSTGRES") != "" { // make test installs it
			t.Fatal(err)
		}
		t.Skip("age-encryption is not installed (make setup)")
	}
	list := kinds(t)
	plain := list[0]
	for _, k := range list[1:] {
		theirs := func(how, key string, in []byte) []byte {
			node := exec.CommandContext(t.Context(), "node", "testdata/peer.mjs", filepath.Join(module, "dist", "index.js"), how, key)
			node.Stdin, node.Stderr = bytes.NewReader(in), os.Stderr
			out, err := node.Output()
			if err != nil {
				t.Fatalf("%s: %s: %v", k.name, how, err)
			}
			return out
		}
		if got := theirs("decrypt", k.secret, k.content); !bytes.Equal(got, plain.content) {
			t.Errorf("%s: %d bytes were read, not the %d that were written", k.name, len(got), len(plain.content))
		}
		if err := opens(theirs("encrypt", k.public, plain.content), k.trust); err != nil {
			t.Errorf("%s: theirs: %v", k.name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "a.tar.gz")
	if err := os.WriteFile(file, plain.content, 0o600); err != nil {
		t.Fatal(err)
	}
	names, err := exec.CommandContext(t.Context(), "tar", "tzf", file).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(names), "manifest.json\ntables/") {
		t.Errorf("%v: %s", err, names)
	}
}

func TestTheKeyIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "backup.key")
	if _, err := backup.ReadKey(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	var wait sync.WaitGroup
	keys := make([]ed25519.PrivateKey, 20)
	for i := range keys {
		wait.Go(func() {
			var err error
			if keys[i], err = backup.MakeKey(path); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, k := range keys {
		if !k.Equal(keys[0]) {
			t.Fatal("two first backups were signed by two keys")
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*", ".*")); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
	public := keys[0].Public().(ed25519.PublicKey)
	if back, err := backup.ParseSigner(" " + backup.Signer(public) + "\n"); err != nil || !back.Equal(public) {
		t.Error(back, err)
	}
	for _, text := range []string{"", "x", backup.Signer(public)[1:]} {
		if _, err := backup.ParseSigner(text); err == nil {
			t.Errorf("%q is a key", text)
		}
	}
	if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.MakeKey(path); err == nil {
		t.Error("a broken key was replaced, and with it everybody's trust")
	}
}
