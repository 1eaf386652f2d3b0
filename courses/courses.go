// Package courses holds the courses that come with the program, as folders: see docs/course-format.md.
package courses

import (
	"embed"
	"io/fs"
)

//go:embed border-guard guardian social-welfare temporary-guardian
var folders embed.FS

// BorderGuard is the folder of the course for Border Guard officers, which the demonstration takes too.
var BorderGuard = must(fs.Sub(folders, "border-guard"))

// SocialWelfare is the folder of the classroom programme for social-welfare staff, which the demonstration takes too.
var SocialWelfare = must(fs.Sub(folders, "social-welfare"))

// TemporaryGuardian is the folder of the course for temporary guardians of children from Ukraine, in Ukrainian and Polish.
var TemporaryGuardian = must(fs.Sub(folders, "temporary-guardian"))

// Guardian is the folder of the course for those who want to represent an unaccompanied child, which the demonstration takes too.
var Guardian = must(fs.Sub(folders, "guardian"))

func must(folder fs.FS, err error) fs.FS {
	if err != nil {
		panic(err) // the name above is no valid path
	}
	return folder
}
