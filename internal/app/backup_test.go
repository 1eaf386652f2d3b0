package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"filippo.io/age"
)

// TestRestoreDrill is the drill of docs/operate/backup-and-move.md: a new machine, on which there is nothing but the file, what was
// written down, and the private key.
func TestRestoreDrill(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	office, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("identity.txt"), []byte("# of the office\n"+office.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(want string, args ...string) string {
		t.Helper()
		out, err := ostoja(t, args...)
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("ostoja %s: %v\n%s\nwant %q", strings.Join(args, " "), err, out, want)
		}
		return out
	}
	run("is at version", "migrate", "--data", in("old"))
	said := run("encrypted, for 1 private keys", "backup", in("all.ostoja"), "--data", in("old"), "--backup-to", office.Recipient().String())
	signer := regexp.MustCompile(`--signed-by (\S{44})`).FindStringSubmatch(said)[1]
	run("not encrypted", "backup", in("plain.ostoja"), "--data", in("old"))

	whole, err := os.ReadFile(in("all.ostoja"))
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Clone(whole)
	altered[len(altered)/2] ^= 1
	for name, b := range map[string][]byte{"altered": altered, "cut": whole[:len(whole)-1], "joined": append(bytes.Clone(whole), whole...)} {
		if err := os.WriteFile(in(name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for why, args := range map[string][]string{
		"nothing was restored": {in("altered"), "--signed-by", signer, "--identity", in("identity.txt")},
		"all.ostoja: nothing":  {in("all.ostoja"), "--signed-by", signer},                               // without the private key
		"--signed-by":          {in("all.ostoja"), "--identity", in("identity.txt")},                    // a new machine knows no key
		"by none of the 1":     {in("plain.ostoja"), "--signed-by", strings.Repeat("A", 43) + "="},      // nor another one
		"is not the key":       {in("plain.ostoja"), "--signed-by", "x"},                                //
		"joined: nothing":      {in("joined"), "--signed-by", signer, "--identity", in("identity.txt")}, //
		"cut: nothing":         {in("cut"), "--signed-by", signer, "--identity", in("identity.txt")},    //
		"--identity":           {in("all.ostoja"), "--signed-by", signer, "--identity", in("plain.ostoja")},
		"is not a file":        {dir, "--signed-by", signer},
	} {
		out, err := ostoja(t, append([]string{"restore", "--data", in("new")}, args...)...)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("restore %v: %v %s", args, err, out)
		}
		if _, err := os.Stat(in("new")); !os.IsNotExist(err) {
			t.Fatalf("restore %v made something: %v", args, err)
		}
	}
	run("signed by "+signer, "restore", in("all.ostoja"), "--data", in("new"), "--signed-by", signer, "--identity", in("identity.txt"))
	run("WHO made it was not checked", "restore", in("plain.ostoja"), "--data", in("unverified"), "--unverified")
}
