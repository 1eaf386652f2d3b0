package credential

import (
	"net/netip"
	"slices"
	"strings"

	"ostoja/internal/id"
	"ostoja/internal/seal"
)

// Network returns the part of an address that is counted together: an IPv4 /24, an IPv6 /64. A guesser has a whole one
// easily; an office has few.
func Network(a netip.Addr) string {
	if !a.IsValid() {
		return "unknown"
	}
	a = a.Unmap().WithZone("")
	bits := 24
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "unknown"
	}
	return p.String()
}

// Device is the sealed mark of a browser in which people have signed in before: on a shared computer several.
type Device struct {
	ID     string   `json:"id"`
	People []string `json:"p"`
}

// devicePeople bounds how many people a shared computer remembers.
const devicePeople = 12

// OpenDevice reads a browser's mark. One that is not ours is none: cookies are what the browser likes to send.
func OpenDevice(key seal.Key, sealed string) Device {
	var d Device
	if sealed == "" || key.Open("device", sealed, &d) != nil {
		return Device{}
	}
	return d
}

// Knows says whether the person has signed in here before.
func (d Device) Knows(personID string) bool {
	return personID != "" && slices.Contains(d.People, personID)
}

// Mark returns the sealed mark with one more person, the last who signed in first.
func (d Device) Mark(key seal.Key, personID string) (sealed string, err error) {
	if d.ID == "" {
		d.ID = id.New()
	}
	d.People = append([]string{personID}, slices.DeleteFunc(slices.Clone(d.People), func(p string) bool { return p == personID })...)
	d.People = d.People[:min(len(d.People), devicePeople)]
	return key.Close("device", d)
}

// DeviceName returns browser and system as a person would name them, "Firefox, Windows"; "" for what is neither.
func DeviceName(userAgent string) string {
	find := func(list [][2]string) string {
		for _, e := range list {
			if strings.Contains(userAgent, e[0]) {
				return e[1]
			}
		}
		return ""
	}
	// Browsers name those they imitate too, so that the order matters.
	browser := find([][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}})
	system := find([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}})
	if browser == "" || system == "" {
		return browser + system
	}
	return browser + ", " + system
}
