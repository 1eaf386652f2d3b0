// Command assets bundles web/app.css, web/charts.css and web/app.js into internal/ui/assets/dist, from where they are embedded: minified,
// named by their content, with a manifest of the names. What stands within the public site's pages keeps its name. Run it
// from the repository's root.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

const dist = "internal/ui/assets/dist"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run() error {
	old, err := filepath.Glob(dist + "/*.*s*")
	if err != nil {
		return err
	}
	for _, name := range old {
		if err := os.Remove(name); err != nil {
			return err
		}
	}
	result := api.Build(api.BuildOptions{
		EntryPoints: []string{"web/app.css", "web/charts.css", "web/app.js"},
		Bundle:      true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Target: api.ES2019, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		EntryNames: "[name]-[hash]", Outdir: dist, Write: true, LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors", len(result.Errors))
	}
	inline := api.Build(api.BuildOptions{
		EntryPoints:      []string{"web/reader.css", "web/reader.js", "web/sheet.css"},
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Target: api.ES2019, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		Outdir: dist, Write: true, LogLevel: api.LogLevelWarning,
	})
	if len(inline.Errors) > 0 {
		return fmt.Errorf("%d errors", len(inline.Errors))
	}
	manifest := map[string]string{}
	hashed := regexp.MustCompile(`^(\w+)-\w+\.(css|js)$`)
	for _, f := range result.OutputFiles {
		name := filepath.Base(f.Path)
		if m := hashed.FindStringSubmatch(name); m != nil {
			manifest[m[1]+"."+m[2]] = name
		}
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(dist+"/manifest.json", b, 0o600)
}
