package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
)

// fonts are those of scripts that no Go module has, by the name of the package that the lock file pins (decision 0046).
var fonts = []string{"Bengali", "Devanagari", "Ethiopic", "SC", "Tamil", "Thai"}

// packFonts compresses the fonts of the installed packages into a folder from which they are embedded. Where the packages are not
// installed, the program is built without them and refuses names in those scripts by words.
func packFonts(from, to string) error {
	if _, err := os.Stat(from); os.IsNotExist(err) {
		fmt.Fprintln(os.Stderr, "assets: fonts for Bengali, Chinese, Devanagari, Ethiopic, Tamil and Thai are not installed (npm ci): built without them")
		return nil
	}
	for _, script := range fonts {
		pattern := filepath.Join(from, "noto-sans-*", "400Regular", "NotoSans"+script+"_400Regular.ttf")
		found, err := filepath.Glob(pattern)
		if err != nil {
			return err
		}
		if len(found) != 1 {
			return fmt.Errorf("%d fonts %s: run npm ci", len(found), pattern)
		}
		if err := pack(found[0], filepath.Join(to, script+".ttf.gz")); err != nil {
			return err
		}
	}
	return nil
}

func pack(from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	z, err := gzip.NewWriterLevel(&packed, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(data); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(to, packed.Bytes(), 0o600)
}
