package config_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"ostoja/internal/config"
)

func parse(t *testing.T, env map[string]string, args ...string) (*config.Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	c := config.Bind(flags, func(name string) string { return env[name] })
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return c, c.Check()
}

func TestFlagsWinOverEnvironmentOverDefaults(t *testing.T) {
	c, err := parse(t, nil)
	if err != nil || c.Addr != "localhost:8080" || c.BaseURL != "http://localhost:8080" || c.Database != "data/ostoja.db" {
		t.Errorf("defaults: %+v, %v", c, err)
	}
	env := map[string]string{"OSTOJA_ADDR": ":9000", "OSTOJA_DATA": "/srv", "OSTOJA_LOG_JSON": "1"}
	c, err = parse(t, env)
	if err != nil || c.BaseURL != "http://localhost:9000" || c.Database != "/srv/ostoja.db" || !c.LogJSON {
		t.Errorf("environment: %+v, %v", c, err)
	}
	c, err = parse(t, env, "--addr", "[::1]:7000", "--base-url", "https://kursy.example.org/")
	if err != nil || c.Addr != "[::1]:7000" || c.BaseURL != "https://kursy.example.org" {
		t.Errorf("flags: %+v, %v", c, err)
	}
}

func TestWhatCannotBeRightIsNamed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		flag string // that the message names
	}{
		{[]string{"--addr", "8080"}, "--addr"}, {[]string{"--addr", ""}, "--addr"},
		{[]string{"--base-url", "example.org"}, "--base-url"}, {[]string{"--base-url", "https://example.org/x"}, "--base-url"},
		{[]string{"--base-url", "ftp://example.org"}, "--base-url"}, {[]string{"--base-url", "https://"}, "--base-url"},
		{[]string{"--base-url", "https://example.org?x=1"}, "--base-url"}, {[]string{"--base-url", "https://example.org#x"}, "--base-url"},
		{[]string{"--base-url", "https://user:word@example.org"}, "--base-url"}, {[]string{"--base-url", "http://a b"}, "--base-url"},
		{[]string{"--zone", "Mars"}, "--zone"},
		{[]string{"--content-url", "example.org"}, "--content-url"}, {[]string{"--content-url", "https://example.org/x"}, "--content-url"},
		{[]string{"--content-url", "http://example.org"}, "--content-url"}, {[]string{"--content-url", "http://192.0.2.1"}, "--content-url"},
		{[]string{"--content-url", "http://localhost:8081"}, "--content-url"}, // another port is no other host
		{[]string{"--base-url", "https://a.example", "--content-url", "https://A.example.:444"}, "--content-url"},
		{[]string{"--content-url", "http://notlocalhost"}, "--content-url"}, {[]string{"--content-url", "https://:8080"}, "--content-url"},
	} {
		if _, err := parse(t, nil, c.args...); err == nil || !strings.Contains(err.Error(), c.flag) {
			t.Errorf("%v: %v", c.args, err)
		}
	}
}

func TestTheContentOriginIsAnotherHost(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"": "", "https://tresci.example/": "https://tresci.example", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
		"http://tresci.localhost:8080": "http://tresci.localhost:8080", "http://[::1]:8080": "http://[::1]:8080",
	} {
		if c, err := parse(t, nil, "--content-url", given); err != nil || c.ContentURL != want {
			t.Errorf("%q: %q, %v", given, c.ContentURL, err)
		}
	}
	if c, err := parse(t, nil, "--base-url", "http://127.0.0.1:8080", "--content-url", "http://localhost:8080"); err != nil || c.ContentURL == "" {
		t.Errorf("at one machine: %v", err)
	}
}

func TestTheAddressOfBrowsersFollowsTheOneToListenOn(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{
		":9000": "http://localhost:9000", "0.0.0.0:80": "http://localhost:80", "[::]:80": "http://localhost:80",
		"192.0.2.1:80": "http://192.0.2.1:80", "[2001:db8::1]:80": "http://[2001:db8::1]:80", "kursy:8080": "http://kursy:8080",
	} {
		if c, err := parse(t, nil, "--addr", addr); err != nil || c.BaseURL != want {
			t.Errorf("%s: %q, %v, want %s", addr, c.BaseURL, err, want)
		}
		// Who says how browsers come may listen wherever they want, even where no port can be told.
		if c, err := parse(t, nil, "--addr", addr, "--base-url", "http://intra:81"); err != nil || c.BaseURL != "http://intra:81" {
			t.Errorf("%s with an address of its own: %q, %v", addr, c.BaseURL, err)
		}
	}
	if c, err := parse(t, nil, "--data", "/srv", "--database", "postgres://db/ostoja"); err != nil || c.Database != "postgres://db/ostoja" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestSwitchesOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"": false, "0": false, "false": false, "1": true, "true": true} {
		c, err := parse(t, map[string]string{"OSTOJA_BEHIND_PROXY": value})
		if err != nil || c.BehindProxy != want || c.LogJSON {
			t.Errorf("%q: %+v, %v", value, c, err)
		}
	}
	if c, _ := parse(t, map[string]string{"OSTOJA_BEHIND_PROXY": "1"}, "--behind-proxy=false"); c.BehindProxy {
		t.Error("the environment wins over the command line") // of a switch whose misuse lets anyone choose their address
	}
}

// Each setting has a flag and a variable that set it and no other, and its help names the variable.
func TestEachSettingHasItsFlagAndVariable(t *testing.T) {
	t.Parallel()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	config.Bind(flags, func(string) string { return "" })
	fields := map[string]bool{}
	flags.VisitAll(func(f *pflag.Flag) {
		variable := "OSTOJA_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if !strings.Contains(f.Usage, "["+variable+"]") {
			t.Errorf("the help of --%s does not name %s", f.Name, variable)
		}
		value := map[string]string{"string": "changed", "bool": "1"}[f.Value.Type()]
		before := config.Bind(pflag.NewFlagSet("", pflag.ContinueOnError), func(string) string { return "" })
		after := config.Bind(pflag.NewFlagSet("", pflag.ContinueOnError), func(name string) string { return map[string]string{variable: value}[name] })
		var changed []string
		a, b := reflect.ValueOf(*before), reflect.ValueOf(*after)
		for i := range a.NumField() {
			if !a.Field(i).Equal(b.Field(i)) {
				changed = append(changed, a.Type().Field(i).Name)
			}
		}
		if len(changed) != 1 || fields[changed[0]] {
			t.Errorf("%s sets %v", variable, changed)
			return
		}
		fields[changed[0]] = true
	})
	if n := reflect.TypeFor[config.Config]().NumField(); len(fields) != n {
		t.Errorf("%d of %d settings have a flag", len(fields), n)
	}
}
