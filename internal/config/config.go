// Package config holds the settings of the program: one struct, a flag and an OSTOJA_* variable for each.
//
// Goals: an installation can be run from the command line, from a unit file and from a container in the same words; each
// setting that cannot be right is named at the start, before anything is opened (an address that browsers cannot use would
// otherwise be noticed by who gets a link to nowhere). Limits: there is no file of settings, and nothing is read again while
// the program runs; what an administrator changes in the browser lives in the database.
package config

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"ostoja/internal/errs"
)

// Config is what an administrator can set. Its zero value is not usable; see [Bind] for the defaults.
type Config struct {
	Data        string // folder of the embedded database
	Database    string // postgres://… or a path; "" is ostoja.db in Data
	Addr        string // host:port to listen on
	BaseURL     string // how browsers reach the program; "" is http://localhost and Addr's port
	ContentURL  string // the content origin, another host than BaseURL's; "" is none
	SMTP        string // smtp:// or smtps:// address of the mail server; "" prints mail to the log's place
	MailFrom    string // sender of mail
	MetricsAddr string // host:port of /metrics; "" is off
	Zone        string // time zone in which times are shown
	Site        string // folder of the public site's content; "" is what comes with the program
	Kit         string // folder of the first-line kit; "" is what comes with the program
	Pack        string // name or folder of the country's pack; "" is Poland's, which comes with the program
	Issuer      string // who issues certificates, as printed on them; "" is the organisation of the person
	BackupKey   string // file of the key that signs backups; "" is backup.key in Data
	BackupTo    string // public keys of age to which backups are encrypted; "" is none
	GuardKey    string // file of the key that seals documents of candidates; "" is guardians.key in Data
	LogLevel    string // debug, info, warn, error
	LogJSON     bool   // log lines as JSON
	KitCounts   bool   // the kit's pages with a next step are counted by day
	BehindProxy bool   // trust X-Forwarded-For of the proxy in front for throttling sign-in
}

type option struct {
	name, fallback, help string
	target               func(*Config) *string
}

var options = []option{
	{"data", "data", "folder of the embedded database, made if missing", func(c *Config) *string { return &c.Data }},
	{"database", "", "database: postgres://user:password@host/name, or the path of a SQLite file (default: ostoja.db in --data)", func(c *Config) *string { return &c.Database }},
	{"addr", "localhost:8080", "address to listen on, host:port; an empty host listens on all", func(c *Config) *string { return &c.Addr }},
	{"base-url", "", "address under which browsers reach the program, such as https://szkolenia.example.org (default: http://localhost and the port of --addr)", func(c *Config) *string { return &c.BaseURL }},
	{"content-url", "", "address of another host of yours that leads here, for content that runs scripts which are not the program's, such as https://szkolenia-tresci.example (default: none)", func(c *Config) *string { return &c.ContentURL }},
	{"smtp", "", "mail server: smtp://[user:password@]host[:port] (STARTTLS), smtps://… or smtp://…?tls=none; without it mail is printed instead of sent", func(c *Config) *string { return &c.SMTP }},
	{"mail-from", "Ostoja <ostoja@localhost>", "sender of mail", func(c *Config) *string { return &c.MailFrom }},
	{"metrics-addr", "", "address of its own for /metrics, such as localhost:9090 (default: off)", func(c *Config) *string { return &c.MetricsAddr }},
	{"zone", "Europe/Warsaw", "time zone in which times are shown", func(c *Config) *string { return &c.Zone }},
	{"site", "", "folder of the public site's content, as docs/public-site.md describes it (default: what comes with the program)", func(c *Config) *string { return &c.Site }},
	{"kit", "", "folder of the first-line kit, as docs/first-line.md describes it (default: what comes with the program)", func(c *Config) *string { return &c.Kit }},
	{"pack", "", "the country's pack: the name of one that comes with the program, or a folder as docs/course-format.md describes it (default: pl)", func(c *Config) *string { return &c.Pack }},
	{"issuer", "", "name of the issuer printed on certificates (default: the participant's organisation)", func(c *Config) *string { return &c.Issuer }},
	{"backup-key", "", "file of the key that signs backups, made by the first one (default: backup.key in --data)", func(c *Config) *string { return &c.BackupKey }},
	{"backup-to", "", "public keys of age (age1…) to which backups are encrypted, between spaces (default: none, they are not encrypted)", func(c *Config) *string { return &c.BackupTo }},
	{"guardians-key", "", "file of the key that seals documents of candidates for the register of guardians, made by the first one (default: guardians.key in --data)", func(c *Config) *string { return &c.GuardKey }},
	{"log-level", "info", "debug, info, warn or error", func(c *Config) *string { return &c.LogLevel }},
}

var switches = []struct {
	name, help string
	target     func(*Config) *bool
}{
	{"kit-counts", "count by day how often the first-line kit's pages with a next step are opened, and say so on them", func(c *Config) *bool { return &c.KitCounts }},
	{"log-json", "write the log as JSON", func(c *Config) *bool { return &c.LogJSON }},
	{"behind-proxy", "a proxy of yours stands in front and sets X-Forwarded-For", func(c *Config) *bool { return &c.BehindProxy }},
}

// variable returns the name of the environment variable of a flag.
func variable(flag string) string {
	return "OSTOJA_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Bind adds a flag for each setting to flags. A flag's default is its OSTOJA_* variable where that is set, so that the
// command line wins over the environment and the environment over the built-in default.
func Bind(flags *pflag.FlagSet, getenv func(string) string) *Config {
	c := &Config{}
	for _, o := range options {
		value := o.fallback
		if v := getenv(variable(o.name)); v != "" { // set to nothing is not set: a unit file cannot leave a line out
			value = v
		}
		flags.StringVar(o.target(c), o.name, value, o.help+" ["+variable(o.name)+"]")
	}
	for _, s := range switches {
		v := getenv(variable(s.name))
		flags.BoolVar(s.target(c), s.name, v == "1" || v == "true", s.help+" ["+variable(s.name)+"]")
	}
	return c
}

// Check completes the settings that depend on others and names what cannot be right.
func (c *Config) Check() (err error) {
	defer errs.Wrap(&err, "config")
	if c.Database == "" {
		c.Database = filepath.Join(c.Data, "ostoja.db")
	}
	if c.BackupKey == "" {
		c.BackupKey = filepath.Join(c.Data, "backup.key")
	}
	if c.GuardKey == "" {
		c.GuardKey = filepath.Join(c.Data, "guardians.key")
	}
	if c.BaseURL == "" {
		host, port, err := net.SplitHostPort(c.Addr)
		if err != nil {
			return fmt.Errorf("--addr %q is not host:port", c.Addr)
		}
		if host == "" || host == "0.0.0.0" || host == "::" {
			host = "localhost"
		}
		c.BaseURL = "http://" + net.JoinHostPort(host, port)
	}
	base, err := origin("--base-url", &c.BaseURL)
	if err != nil {
		return err
	}
	if err := c.checkContentURL(base); err != nil {
		return err
	}
	_, err = c.Location()
	return err
}

// origin reads a setting that is scheme, host and port, and takes the slash off its end. Links in letters are such an address and
// a path: whatever else stood in it would end up in their middle.
func origin(flag string, setting *string) (*url.URL, error) {
	*setting = strings.TrimSuffix(*setting, "/")
	u, err := url.Parse(*setting)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.Path != "" || strings.ContainsAny(*setting, "?#@") {
		return nil, fmt.Errorf("%s %q is not http(s)://host[:port]", flag, *setting)
	}
	return u, nil
}

// checkContentURL asks for another host than the program's, not merely another port: cookies know no ports (RFC 6265 section
// 8.5). Over http, whoever sits between could put scripts of theirs there, so that only this machine may do without https.
func (c *Config) checkContentURL(base *url.URL) error {
	if c.ContentURL == "" {
		return nil
	}
	u, err := origin("--content-url", &c.ContentURL)
	if err != nil {
		return err
	}
	host := strings.TrimSuffix(u.Hostname(), ".")
	if strings.EqualFold(host, strings.TrimSuffix(base.Hostname(), ".")) {
		return fmt.Errorf("--content-url %q has the host of --base-url: cookies would go there", c.ContentURL)
	}
	if ip := net.ParseIP(host); u.Scheme != "https" && host != "localhost" && !strings.HasSuffix(host, ".localhost") && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("--content-url %q is not https", c.ContentURL)
	}
	return nil
}

// Location returns the time zone.
func (c *Config) Location() (*time.Location, error) {
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		return nil, fmt.Errorf("--zone: %w", err)
	}
	return zone, nil
}
