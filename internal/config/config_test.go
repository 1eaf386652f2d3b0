package config_test

import (
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
	for _, args := range [][]string{{"--addr", "8080"}, {"--base-url", "example.org"}, {"--base-url", "https://example.org/x"}, {"--zone", "Mars"}} {
		if _, err := parse(t, nil, args...); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
}
