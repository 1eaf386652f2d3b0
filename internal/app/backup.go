package app

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"ostoja/internal/backup"
	"ostoja/internal/clock"
	"ostoja/internal/db"
)

func (c *command) backup() *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Short: "Write the whole database into one file, while the program runs", Args: cobra.ExactArgs(1),
		Long: `Writes everything (people, courses, progress, certificates) into FILE, from one consistent state, while the
program runs. It is the same for SQLite and PostgreSQL.

The file is signed by the key in --backup-key, which the first backup makes. What is printed, --signed-by and some
letters, is what restore asks for on another machine: write it down, apart from the backups. With --backup-to it is
encrypted, so that only who has the private key of age can read it; without, it holds personal data and the
installation's secret for everybody to read. LOSING THE PRIVATE KEY IS LOSING THE BACKUP: keep it twice, never on this
machine alone, and restore from it now and then (docs/operate/backup-and-move.md).`,
		Example: "  ostoja backup /srv/backup/$(date +%F).ostoja --backup-to age1…",
		RunE: func(cmd *cobra.Command, args []string) error {
			recipients, err := backup.Recipients(c.config.BackupTo)
			if err != nil {
				return fmt.Errorf("--backup-to: %w", err)
			}
			return c.with(cmd.Context(), func(d *db.DB) error {
				key, err := backup.MakeKey(c.config.BackupKey)
				if err != nil {
					return err
				}
				m, err := backup.WriteFile(cmd.Context(), d, clock.System{}.Now(), args[0], backup.Protection{Key: key, To: recipients})
				if err != nil {
					return err
				}
				if err := noteFact(cmd.Context(), d, backupMade, clock.System{}.Now()); err != nil {
					return fmt.Errorf("%s is written; that it is, could not be noted: %w", args[0], err)
				}
				secrecy := fmt.Sprintf("encrypted, for %d private keys", len(recipients))
				if len(recipients) == 0 {
					secrecy = "not encrypted: whoever gets the file reads everything in it (--backup-to)"
				}
				_, err = fmt.Fprintf(c.out, "%s: schema %d, %d people, %d enrolments, %d certificates\nsigned; to restore it elsewhere: --signed-by %s\n%s\n",
					args[0], m.Schema, m.Rows["person"], m.Rows["enrolment"], m.Rows["certificate"], backup.Signer(key.Public().(ed25519.PublicKey)), secrecy)
				return err
			})
		},
	}
}

// restoring is what restore is told besides the file.
type restoring struct {
	signedBy   []string
	identity   string
	unverified bool
}

func (c *command) restore() *cobra.Command {
	r := restoring{}
	cmd := &cobra.Command{
		Use: "restore FILE", Short: "Read a backup into an empty database", Args: cobra.ExactArgs(1),
		Long: `Reads a backup into an empty database, SQLite or PostgreSQL, and brings it to this version's schema.
A database in use is never overwritten: give --data a new folder or --database a new database.

The whole file is checked before anything is written: one that was cut, joined or altered is refused, and so is one
that is signed by somebody else than --signed-by says (without it, than the key in --backup-key). One that is encrypted
needs --identity.`,
		Example: "  ostoja restore all.ostoja --database postgres://ostoja@localhost/ostoja --signed-by BASE64 --identity key.txt",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			trust, err := c.trust(r)
			if err != nil {
				return err
			}
			f, err := os.Open(args[0])
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, f.Close()) }()
			info, err := f.Stat()
			if err != nil {
				return err
			}
			if !info.Mode().IsRegular() {
				return fmt.Errorf("%s is not a file: a backup is read twice, first to check it", args[0])
			}
			whole, err := backup.Open(f, info.Size(), trust)
			if err != nil {
				return fmt.Errorf("%s: nothing was restored: %w", args[0], err)
			}
			return c.write(cmd.Context(), whole, r.unverified)
		},
	}
	cmd.Flags().StringSliceVar(&r.signedBy, "signed-by", nil, "key by which the backup must be signed, as backup printed it (default: the key in --backup-key)")
	cmd.Flags().StringVar(&r.identity, "identity", "", "file of private keys of age, for a backup that is encrypted")
	cmd.Flags().BoolVar(&r.unverified, "unverified", false, "restore a backup for which nobody vouches: of a version that did not sign yet, or whose signer is not known any more")
	return cmd
}

// trust reads the keys that restore is given.
func (c *command) trust(r restoring) (t backup.Trust, err error) {
	t.Unverified = r.unverified
	for _, text := range r.signedBy {
		key, err := backup.ParseSigner(text)
		if err != nil {
			return t, fmt.Errorf("--signed-by: %w", err)
		}
		t.Signers = append(t.Signers, key)
	}
	if len(r.signedBy) == 0 {
		switch key, err := backup.ReadKey(c.config.BackupKey); {
		case err == nil:
			t.Signers = append(t.Signers, key.Public().(ed25519.PublicKey))
		case !errors.Is(err, os.ErrNotExist):
			return t, fmt.Errorf("--backup-key: %w", err)
		}
	}
	if r.identity != "" {
		if t.Identities, err = backup.Identities(r.identity); err != nil {
			return t, fmt.Errorf("--identity: %w", err)
		}
	}
	return t, nil
}

// write writes a backup that was checked, and says what it was.
func (c *command) write(ctx context.Context, whole *backup.File, unverified bool) (err error) {
	d, err := db.Open(ctx, c.config.Database)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	m, err := whole.Restore(ctx, d)
	if err != nil {
		return err
	}
	signer := "signed by nobody"
	if whole.Signer != nil {
		signer = "signed by " + backup.Signer(whole.Signer)
	}
	if unverified {
		signer += ", WHO made it was not checked"
	}
	_, err = fmt.Fprintf(c.out, "restored: %d people, %d enrolments, %d certificates, of %s, %s\n", m.Rows["person"], m.Rows["enrolment"], m.Rows["certificate"], m.Made.Format("2006-01-02 15:04"), signer)
	return err
}
