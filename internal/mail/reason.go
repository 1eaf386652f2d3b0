package mail

import (
	"regexp"
	"strings"
)

// Reason says why a mail server did not take a letter.
type Reason string

// The reasons. Each has a sentence of its own, which says what can be done.
const (
	NoReason       Reason = ""        // there is no error
	NoMailbox      Reason = "mailbox" // nobody has the address
	FullMailbox    Reason = "full"
	TooLarge       Reason = "large"
	NotAllowed     Reason = "policy" // the server does not take letters from us
	NotTaken       Reason = "text"   // it does not take this text
	NotNow         Reason = "later"  // it is busy, or wants to be asked again
	NoAuth         Reason = "password"
	NoServer       Reason = "server" // it cannot be reached
	BadAddress     Reason = "address"
	UnknownFailure Reason = "other"
)

// enhanced is a status code of RFC 3463, which says the reason apart from the server's own words.
var enhanced = regexp.MustCompile(`\b([245])\.(\d{1,3})\.(\d{1,3})\b`)

// plain is a reply code of RFC 5321 alone.
var plain = regexp.MustCompile(`\b([45]\d\d)\b`)

// ReasonOf reads a reason out of what the server said, which is English and kept as it came.
func ReasonOf(said string) Reason {
	if said == "" {
		return NoReason
	}
	// What our own machine says of the network holds addresses and ports, which look like codes.
	for _, words := range []string{"dial tcp", "read tcp", "write tcp", "i/o timeout"} {
		if strings.Contains(said, words) {
			return NoServer
		}
	}
	if m := enhanced.FindStringSubmatch(said); m != nil && m[1] != "2" {
		switch m[2] + "." + m[3] {
		case "1.1", "1.10", "2.1", "1.6": // 5.2.1 is a mailbox that was closed
			return NoMailbox
		case "1.2", "1.3", "1.0":
			return BadAddress
		case "2.2", "3.1":
			return FullMailbox
		case "2.3", "3.4":
			return TooLarge
		case "7.8", "7.9":
			return NoAuth
		}
		switch {
		case m[2] == "7":
			return NotAllowed
		case m[2] == "6":
			return NotTaken
		case m[1] == "4":
			return NotNow
		}
	}
	if m := plain.FindStringSubmatch(said); m != nil {
		switch m[1] {
		case "550", "551":
			return NoMailbox
		case "452", "552":
			return FullMailbox
		case "553", "501":
			return BadAddress
		case "554":
			return NotTaken
		case "530", "535":
			return NoAuth
		}
		if m[1][0] == '4' {
			return NotNow
		}
	}
	for _, words := range []string{"dial", "connect", "timeout", "i/o", "EOF", "no such host", "deadline"} {
		if strings.Contains(said, words) {
			return NoServer
		}
	}
	return UnknownFailure
}
