package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"ostoja/internal/access"
	"ostoja/internal/config"
	"ostoja/internal/db"
	"ostoja/internal/fact"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/agreement"
	"ostoja/internal/indicator"
	"ostoja/internal/seal"
	"ostoja/internal/signed"
	"ostoja/internal/site"
	"ostoja/internal/site/confirmation"
	"ostoja/internal/site/content"
	sitelapse "ostoja/internal/site/lapse"
	"ostoja/internal/site/siteweb/reader"
	"ostoja/internal/site/visits"
	shippedkit "ostoja/kit"
	"ostoja/packs"
	shipped "ostoja/site"
)

// openSite makes the public site's pages of what is published.
func (a *App) openSite(ctx context.Context, c *config.Config, d *db.DB, key seal.Key, o Options) error {
	read := o.Content
	a.Site = site.New(d, a.clock, read.zone, read.site, announced{a.Classroom}, a.events, o.Purpose)
	feeds := key.Derive("site feeds")
	copy(a.Site.Feeds[:], feeds[:])
	a.Visits = visits.New(d, a.clock, read.zone)
	a.Alerts = sitelapse.NewAlerts(d, a.clock, a.Site, a.Identity, a.Outbox, read.catalogue, c.BaseURL)
	a.Confirmation = confirmation.New(confirmation.Deps{
		DB: d, Clock: a.clock, Site: a.Site, People: a.Identity, Outbox: a.Outbox, Catalogue: read.catalogue, BaseURL: c.BaseURL,
	})
	a.Reader = reader.New(a.Site, c.BaseURL, key, a.log)
	a.Facts = fact.New(d, a.clock, read.zone, read.facts, a.Site.KeptFacts)
	a.Courses.In(read.pack, a.Facts)
	start := a.Facts.Start
	if o.Command {
		start = a.Facts.Refresh
	}
	if err := start(ctx); err != nil {
		return err
	}
	if o.Command { // no reader comes
		return nil
	}
	return a.Reader.Refresh(ctx)
}

// pack returns the country's pack that the configuration names.
func (c *command) pack() (fs.FS, error) { return packs.Open(c.config.Pack) }

// siteFolder returns the folder of the public site's content: the given one, or what comes with the program.
func siteFolder(dir string) fs.FS {
	if dir != "" {
		return os.DirFS(dir)
	}
	return shipped.FS
}

// takeKit adds the first-line kit to the site: the one in a folder, or what comes with the program. That one names the institutions and
// numbers of Poland, so that another country's site has none until it brings its own. It returns the situations of the same folder, for two
// people to read.
func takeKit(c *config.Config, b *content.Bundle, noticed indicator.List, zone *time.Location) (*agreement.Table, error) {
	var folder fs.FS = shippedkit.FS
	switch {
	case c.Kit != "":
		folder = os.DirFS(c.Kit)
	case c.Pack != "" && c.Pack != packs.Default:
		return &agreement.Table{}, nil
	}
	k, err := firstline.Read(folder, noticed, zone)
	if err != nil {
		return nil, err
	}
	b.KitCounts = c.KitCounts
	if err := b.TakeKit(k); err != nil {
		return nil, err
	}
	return agreement.Read(folder, k)
}

func (c *command) site() *cobra.Command {
	cmd := &cobra.Command{
		Use: "site", Short: "Check, take, export and verify the public site",
		Long: `The public site is made from a folder of content (see docs/public-site.md) and from what editors changed in the
application since. Without --site it is the content that comes with the program.`,
	}
	cmd.AddCommand(c.siteCheck(), c.siteImport(), c.siteExport(), c.siteVerify())
	return cmd
}

func (c *command) siteCheck() *cobra.Command {
	return &cobra.Command{
		Use: "check DIR", Short: "Name every fault of a folder of content", Args: cobra.ExactArgs(1),
		Long:    "Reads the whole folder and names every fault at once. It needs no database.",
		Example: "  ostoja site check site",
		RunE: func(_ *cobra.Command, args []string) error {
			zone, err := c.config.Location()
			if err != nil {
				return err
			}
			pack, err := c.pack()
			if err != nil {
				return err
			}
			facts, err := fact.ReadPack(pack)
			if err != nil {
				return err
			}
			b, err := content.ReadBundle(os.DirFS(args[0]), facts, zone)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.out, "%d languages, %d articles, %d facts, %d services: no faults\n", len(b.Languages), len(b.Articles), len(b.Facts), len(b.Services))
			return err
		},
	}
}

func (c *command) siteImport() *cobra.Command {
	publish := false
	cmd := &cobra.Command{
		Use: "import", Short: "Take the articles, facts and services of the content folder", Args: cobra.NoArgs,
		Long: `Takes what is new in the content folder (--site, or what comes with the program). What editors changed stays. Texts
wait for a person's review under Public site in the application, unless --publish puts them on the site at once; facts
count at once, each with its source and the day it was checked. A new site opens when the numbers that people in danger
would call have been confirmed; on one that is open, texts whose critical blocks name other numbers wait, also with --publish.`,
		Example: "  ostoja site import\n  ostoja site import --site /srv/content --publish",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withApp(cmd.Context(), func(a *App) error {
				n, err := a.Site.ImportBundle(cmd.Context(), access.System, publish)
				if err != nil {
					return err
				}
				if _, err := fmt.Fprintf(c.out, "taken: %d articles, %d texts, %d facts, %d services\n", n.Articles, n.Texts, n.Facts, n.Services); err != nil {
					return err
				}
				if n.Held > 0 {
					if _, err := fmt.Fprintf(c.out, "%d of the texts wait for a review: a critical block of theirs names a number that nobody has confirmed\n", n.Held); err != nil {
						return err
					}
				}
				return sayOpening(cmd.Context(), c.out, a.Site)
			})
		},
	}
	cmd.Flags().BoolVar(&publish, "publish", false, "publish the texts without a person's review")
	return cmd
}

// sayOpening says whether readers see the site, or what a new one lacks.
func sayOpening(ctx context.Context, out io.Writer, s *site.Service) error {
	o, err := s.Opening(ctx, access.System)
	if err != nil {
		return err
	}
	if o.Open {
		_, err = fmt.Fprintln(out, "the site is open to readers")
		return err
	}
	said := "the site is not open to readers yet. It opens by itself when it has (in the application, under Public site):\n"
	for _, part := range o.Missing {
		switch part {
		case content.PartEmergency, content.PartNationalLine:
			said += fmt.Sprintf("  - the fact %s, a number to call\n", part)
		case content.PartPlaces:
			said += "  - a place of help: propose \"Show on the site\" of one, a second person agrees\n"
		default:
			said += fmt.Sprintf("  - a published guide behind %s: review the texts that wait\n", part)
		}
	}
	for _, f := range o.Unconfirmed {
		said += fmt.Sprintf("  - the confirmation of %s (the fact %s, /app/site/facts/%[2]s)\n", f.In("en"), f.ID)
	}
	_, err = fmt.Fprint(out, said)
	return err
}

func (c *command) siteExport() *cobra.Command {
	return &cobra.Command{
		Use: "export DIR", Short: "Write the whole public site as files, with a signed list of hashes", Args: cobra.ExactArgs(1),
		Long: `Writes what is published as files that any web server can serve and any browser can open from a USB stick: pages with
relative addresses, publications, one file per language for messengers, and SHA256SUMS with a signature. The same content
gives the same bytes. An earlier export in DIR is replaced. What needs the server is left out: search, and "open now".`,
		Example: "  ostoja site export /srv/mirror\n  ostoja site verify /srv/mirror",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withApp(cmd.Context(), func(a *App) error {
				files, err := reader.Files(cmd.Context(), a.Site, c.config.BaseURL, a.siteKey)
				if err != nil {
					return err
				}
				if err := reader.WriteFiles(args[0], files); err != nil {
					return err
				}
				_, err = fmt.Fprintf(c.out, "%d files; public key %s\n", len(files), signed.Public(a.siteKey))
				return err
			})
		},
	}
}

func (c *command) siteVerify() *cobra.Command {
	key := ""
	cmd := &cobra.Command{
		Use: "verify DIR", Short: "Check an export against its signed list of hashes", Args: cobra.ExactArgs(1),
		Long: `Names every file that is missing, changed or not in the list. With --key the signature must be of that key, which the
office publishes, and so must be the key that lies beside it; without, only the latter is asked, which tells of damage, not
of forgery. It says of which day and revision the content is: an old export is signed as well as a new one.`,
		Example: "  ostoja site verify /srv/mirror --key BASE64",
		RunE: func(_ *cobra.Command, args []string) error {
			v, err := reader.Verify(args[0], key)
			if err != nil {
				return err
			}
			said := "all %d files are as they were signed with the key given; %s\n"
			if key == "" {
				said = "all %d files are as the list says, and the list bears the signature of the key that lies beside it; WHO signed was not checked (--key); %s\n"
			}
			_, err = fmt.Fprintf(c.out, said, v.Files, v.Content)
			return err
		},
	}
	cmd.Flags().StringVar(&key, "key", "", "public key that the signature must be of, base64")
	return cmd
}

// publishSite puts the shipped content on the demonstration's public site.
func publishSite(ctx context.Context, a *App) error {
	_, err := a.Site.ImportBundle(ctx, access.System, true)
	if err != nil {
		return errors.Join(errors.New("the demonstration's public site"), err)
	}
	return nil
}
