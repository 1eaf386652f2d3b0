package assets

// Size returns the bytes of a built file as compressed.
func (a *Assets) Size(name string) int { return len(a.files[a.names[name]].zip) }
