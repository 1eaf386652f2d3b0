// Command assets bundles web/app.css, web/charts.css and web/app.js into internal/ui/assets/dist, from where they are embedded: minified,
// named by their content, with a manifest of the names. What stands within the public site's pages keeps its name, its styles with
// the direction of writing. It also packs the fonts of internal/paper. Run it from the repository's root.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const dist = "internal/ui/assets/dist"

// readers are the oldest browsers that the public site's pages are for: phones that nobody updates any more. esbuild lowers the
// syntax; the functions of the browser that the script calls and the layout are looked at in the oldest Chromium by the tests of e2e.
var readers = []api.Engine{{Name: api.EngineChrome, Version: "64"}, {Name: api.EngineFirefox, Version: "68"}, {Name: api.EngineIOS, Version: "12"}}

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
		EntryPoints: []string{"web/app.css", "web/charts.css", "web/app.js", "web/classroom.css", "web/programme.css", "web/blanks.css", "web/tasks.css", "web/today.css", "web/grid.css", "web/grid.js", "web/growing.js", "web/hall.css", "web/roll.js", "web/hall.js", "web/keeper.js", "web/laboratory.css", "web/laboratory.js", "web/rows.css", "web/stock.css", "web/find.css"},
		Bundle:      true, MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Target: api.ES2019, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		EntryNames: "[name]-[hash]", Outdir: dist, Write: true, LogLevel: api.LogLevelWarning,
	})
	if len(result.Errors) > 0 {
		return fmt.Errorf("%d errors", len(result.Errors))
	}
	inline := api.Build(api.BuildOptions{
		EntryPoints:      []string{"web/reader.css", "web/reader.js", "web/kit.css", "web/kit.js", "web/papers.css", "web/papers.js", "web/sheet.css", "web/worker.js"},
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true,
		Engines: readers, Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		Outdir: dist, LogLevel: api.LogLevelWarning,
	})
	if len(inline.Errors) > 0 {
		return fmt.Errorf("%d errors", len(inline.Errors))
	}
	for _, f := range inline.OutputFiles {
		if err := writeInline(filepath.Base(f.Path), string(f.Contents)); err != nil {
			return err
		}
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
	if err := os.WriteFile(dist+"/manifest.json", b, 0o600); err != nil {
		return err
	}
	return packFonts("node_modules/@expo-google-fonts", "internal/paper/fonts")
}

// writeInline writes what stands within pages; styles once for each direction of writing, as reader.ltr.css and reader.rtl.css.
func writeInline(name, content string) error {
	base, isStyle := strings.CutSuffix(name, ".css")
	if !isStyle {
		return os.WriteFile(filepath.Join(dist, name), []byte(content), 0o600)
	}
	for _, dir := range []string{leftToRight, rightToLeft} {
		css, err := physical(content, dir)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(dist, base+"."+dir+".css"), []byte(css), 0o600); err != nil {
			return err
		}
	}
	return nil
}
