// Package indicators holds the list of indicators of trafficking that courses, the first-line kit and the case laboratory share. See
// docs/course-format.md, "Indicators".
package indicators

import "embed"

// Folder holds indicators.yaml.
//
//go:embed indicators.yaml
var Folder embed.FS
