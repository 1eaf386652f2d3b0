package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ostoja/internal/access"
	"ostoja/internal/db"
	"ostoja/internal/errs"
	"ostoja/internal/identity"
)

// user is for administrators at the server: what they do here needs no role, since they can read the database anyway.
func (c *command) user() *cobra.Command {
	root := &cobra.Command{
		Use: "user", Short: "Invite people, give roles, make a one-time sign-in link",
		Long: `For whoever administers the server. Each command works while the program serves.
A person is named by mail address or service number.`,
	}
	root.AddCommand(c.userLink(), c.userInvite(), c.userRole())
	return root
}

func (c *command) withApp(ctx context.Context, fn func(*App) error) error {
	return c.with(ctx, func(d *db.DB) error {
		a, err := c.newApp(ctx, d, Options{Mail: c.printMail(), Command: true})
		if err != nil {
			return err
		}
		return fn(a)
	})
}

func (c *command) userLink() *cobra.Command {
	return &cobra.Command{
		Use: "link PERSON", Short: "Print a link that signs a person in once", Args: cobra.ExactArgs(1),
		Long:    "Prints a link that signs the person in once, within half an hour. Use it when mail does not reach them.",
		Example: "  ostoja user link admin@example.org",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withApp(cmd.Context(), func(a *App) error {
				p, err := findPerson(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				link, err := a.Identity.OneTimeLink(cmd.Context(), access.System, p.ID)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.out, link)
				return err
			})
		},
	}
}

func findPerson(ctx context.Context, a *App, name string) (identity.Person, error) {
	p, err := a.Identity.PersonBySignInName(ctx, access.System, name)
	if errors.Is(err, errs.ErrNotFound) {
		err = fmt.Errorf("nobody has the mail address or service number %q, or several have the number", name)
	}
	return p, err
}

func (c *command) userInvite() *cobra.Command {
	var d identity.Draft
	cmd := &cobra.Command{
		Use: "invite MAIL", Short: "Add a person and send an invitation", Args: cobra.ExactArgs(1),
		Example: "  ostoja user invite j.nowak@example.org --given Jan --family Nowak --unit 0192…",
		RunE: func(cmd *cobra.Command, args []string) error {
			d.Mail = args[0]
			return c.withApp(cmd.Context(), func(a *App) error {
				ctx := cmd.Context()
				if d.UnitID == "" {
					tree, err := a.Identity.Tree(ctx, access.System)
					if err != nil {
						return err
					}
					if len(tree) != 1 {
						for _, n := range tree {
							fmt.Fprintf(c.out, "%s  %s\n", n.ID, n.Full) //nolint:errcheck // only a list to choose from
						}
						return errors.New("say with --unit which of these units the person belongs to")
					}
					d.UnitID = tree[0].ID
				}
				if _, err := a.Identity.Add(ctx, access.System, d, true); err != nil {
					return readable(err)
				}
				// The letter is in the outbox; a program that serves sends it, or else this one does now.
				for worked := true; worked; {
					var err error
					if worked, err = a.Queue.RunOne(ctx); err != nil {
						return err
					}
				}
				_, err := fmt.Fprintln(c.out, "invited")
				return err
			})
		},
	}
	cmd.Flags().StringVar(&d.GivenName, "given", "", "given name")
	cmd.Flags().StringVar(&d.FamilyName, "family", "", "family name")
	cmd.Flags().StringVar(&d.UnitID, "unit", "", "id of the unit (default: the only one)")
	cmd.Flags().StringVar(&d.Lang, "lang", "pl", "language of the invitation")
	return cmd
}

// readable turns the faults of a form into words for the command line.
func readable(err error) error {
	var e *errs.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return err
	}
	s := ""
	for _, f := range e.Fields {
		s += fmt.Sprintf("\n  %s: %s", f.Name, f.Key)
	}
	return errors.New("this cannot be taken:" + s)
}

func (c *command) userRole() *cobra.Command {
	unit, take := "", false
	cmd := &cobra.Command{
		Use: "role PERSON ROLE", Short: "Give a role, or take it back with --take", Args: cobra.ExactArgs(2),
		Long:    "Gives a role in the whole installation, or within --unit: administrator, coordinator, author, trainer, reviewer or learner.",
		Example: "  ostoja user role j.nowak@example.org coordinator --unit 0192…",
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withApp(cmd.Context(), func(a *App) error {
				p, err := findPerson(cmd.Context(), a, args[0])
				if err != nil {
					return err
				}
				role := access.Role(args[1])
				if _, known := access.Rights[role]; !known {
					return fmt.Errorf("there is no role %q; the roles are %v", role, access.Roles)
				}
				if take {
					return takeRole(cmd.Context(), a, p, role, unit)
				}
				return readable(a.Identity.Grant(cmd.Context(), access.System, p.ID, identity.RoleDraft{Role: role, UnitID: unit}))
			})
		},
	}
	cmd.Flags().StringVar(&unit, "unit", "", "id of the unit within which the role holds (default: everywhere)")
	cmd.Flags().BoolVar(&take, "take", false, "take the role back")
	return cmd
}

func takeRole(ctx context.Context, a *App, p identity.Person, role access.Role, unit string) error {
	for _, g := range p.Roles {
		if g.Role == role && g.UnitID == unit {
			return readable(a.Identity.Revoke(ctx, access.System, p.ID, g.ID))
		}
	}
	return fmt.Errorf("the person does not have the role %s there", role)
}
