package credential

import (
	"bufio"
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"ostoja/internal/errs"
	"ostoja/internal/text"
)

// How long a password is, in characters. Length over composition (NIST SP 800-63B, 5.1.1): a sentence is welcome, a sign of each
// kind is not asked for. The upper bound keeps hashing from being asked for pages of text.
const (
	PasswordMin = 12
	PasswordMax = 256
)

// Hasher makes and checks argon2id hashes (RFC 9106) in the PHC string format. It computes only so many at once, since each
// takes its memory: with the defaults and two processors 18 MiB, on a server of 1 GB; and it lets only so many wait, since who waits
// for longer than a browser does is computed for nobody.
type Hasher struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
	slots   chan struct{}
	queue   chan struct{} // who computes and who waits
	dummy   string        // hash that is computed for who has none, so that the answer takes as long
}

// NewHasher returns a hasher with one of the settings that the OWASP Password Storage Cheat Sheet calls equally strong
// (m=9 MiB, t=4, p=1), the quickest of them on small processors for the memory it takes, and a slot for each processor.
func NewHasher() *Hasher { return NewHasherWith(9*1024, 4, 1, runtime.NumCPU()) }

// NewHasherWith returns a hasher with parameters and slots of one's own.
func NewHasherWith(memory, time uint32, threads uint8, slots int) *Hasher {
	slots = max(1, slots)
	h := &Hasher{memory: memory, time: time, threads: threads, slots: make(chan struct{}, slots), queue: make(chan struct{}, slots*queuePerSlot)}
	h.dummy = h.encode(make([]byte, saltLength), make([]byte, keyLength))
	return h
}

const (
	saltLength = 16
	keyLength  = 32
)

// queuePerSlot is how many computations are under way or waited for, for each slot: at some 35 to 70 ms each, the last one waits for
// 7 to 14 seconds. Two processors take in 400 people who sign in at the same moment.
const queuePerSlot = 200

// Hash returns a new hash of the password. It waits for a slot; where too many do already, the error is of category errs.ErrUnavailable.
func (h *Hasher) Hash(ctx context.Context, password string) (_ string, err error) {
	defer errs.Wrap(&err, "credential.Hash")
	salt := make([]byte, saltLength)
	_, _ = rand.Read(salt) // documented never to return an error: the program ends instead
	key, err := h.key(ctx, password, salt, h.memory, h.time, h.threads, keyLength)
	if err != nil {
		return "", err
	}
	return h.encode(salt, key), nil
}

func (h *Hasher) encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.time, h.threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func (h *Hasher) key(ctx context.Context, password string, salt []byte, memory, time uint32, threads uint8, length uint32) ([]byte, error) {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return nil, errs.New(errs.ErrUnavailable, "error.crowded")
	}
	select {
	case h.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.slots }()
	// The same text may be typed in composed or decomposed letters, depending on the device.
	return argon2.IDKey([]byte(norm.NFKC.String(password)), salt, time, memory, threads, length), nil
}

// Check says whether the password fits the hash, and whether the hash was made with other parameters than today's. An empty
// hash, of a person who has no password or is not there at all, takes the same time and fits nothing.
func (h *Hasher) Check(ctx context.Context, password, hash string) (ok, outdated bool, err error) {
	defer errs.Wrap(&err, "credential.Check")
	nobody := hash == ""
	if nobody {
		hash = h.dummy
	}
	p, err := parsePHC(hash)
	if err != nil {
		return false, false, err
	}
	key, err := h.key(ctx, password, p.salt, p.memory, p.time, p.threads, uint32(len(p.key))) //nolint:gosec // parsePHC bounds it
	if err != nil {
		return false, false, err
	}
	same := subtle.ConstantTimeCompare(key, p.key) == 1
	return same && !nobody, p.memory != h.memory || p.time != h.time || p.threads != h.threads, nil
}

type phc struct {
	memory, time uint32
	threads      uint8
	salt, key    []byte
}

func parsePHC(hash string) (p phc, err error) {
	parts := strings.Split(hash, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, fmt.Errorf("not an argon2id hash")
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); err != nil {
		return p, fmt.Errorf("argon2id parameters: %w", err)
	}
	if p.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return p, err
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return p, err
	}
	// Bounds, so that a damaged row cannot ask for all memory.
	if p.memory > 1<<20 || p.time == 0 || p.time > 100 || p.threads == 0 || len(p.key) < 16 || len(p.key) > 64 {
		return p, fmt.Errorf("argon2id parameters out of bounds")
	}
	return p, nil
}

//go:embed common.txt
var commonText string

// commonWords are what guessers try first: our own list of patterns, without the figures and signs that people add.
var commonWords = func() (list []string) {
	lines := bufio.NewScanner(strings.NewReader(commonText))
	for lines.Scan() {
		if w := strings.TrimSpace(lines.Text()); w != "" && !strings.HasPrefix(w, "#") {
			list = append(list, skeleton(w))
		}
	}
	slices.SortFunc(list, func(a, b string) int { return len(b) - len(a) }) // the longest match first
	return list
}()

// CheckPassword returns the key of what is wrong with a new password, "" if nothing. about holds what belongs to the person:
// names, address, service number.
func CheckPassword(password string, about ...string) (key string) {
	switch n := utf8.RuneCountInString(password); {
	case n < PasswordMin:
		return "people.fault.password-short"
	case n > PasswordMax:
		return "people.fault.password-long"
	}
	plain := text.Search(password)
	if distinct(plain) < 5 || repeats(plain) || runs(plain) {
		return "people.fault.password-pattern"
	}
	whole := skeleton(password)
	if len(whole) < 3 { // figures alone: dates, telephone and identity numbers
		return "people.fault.password-pattern"
	}
	rest := whole
	for _, a := range about {
		for _, word := range strings.FieldsFunc(text.Search(a), func(r rune) bool { return strings.ContainsRune("@._- ", r) }) {
			if w := skeleton(word); len(w) >= 3 {
				rest = strings.ReplaceAll(rest, w, "")
			}
		}
	}
	if len(rest) < 4 && len(rest) < len(whole) {
		return "people.fault.password-own"
	}
	for _, w := range commonWords {
		rest = strings.ReplaceAll(rest, w, "")
	}
	if len(rest) < 4 && len(rest) < len(whole) {
		return "people.fault.password-common"
	}
	return ""
}

// substitutes are the signs that stand for letters in "p@ssw0rd".
var substitutes = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b", "@", "a", "$", "s", "!", "i", "|", "i", "+", "t")

// skeleton is what is left of a password when what everybody adds is taken off: leading and trailing figures and signs,
// capitals, diacritics, signs for letters.
func skeleton(s string) string {
	s = strings.TrimFunc(text.Search(s), func(r rune) bool { return r < 'a' || r > 'z' })
	s = substitutes.Replace(s)
	return strings.Map(func(r rune) rune {
		if r == 'l' { // written with the same signs as i
			return 'i'
		}
		if r >= 'a' && r <= 'z' || r > 127 {
			return r
		}
		return -1
	}, s)
}

func distinct(s string) int {
	letters := map[rune]bool{}
	for _, r := range s {
		letters[r] = true
	}
	return len(letters)
}

// repeats says whether the text is a short piece over and over: "abcabcabcabc".
func repeats(s string) bool {
	r := []rune(s)
	for size := 1; size <= len(r)/3; size++ {
		same := 0
		for i := size; i < len(r); i++ {
			if r[i] == r[i-size] {
				same++
			}
		}
		if same >= len(r)-size-1 {
			return true
		}
	}
	return false
}

// rows are walks that fingers and minds take: keyboards (also the German one, common in Poland's past), alphabet, figures.
var rows = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6", "!@#$%^&*()", "zaq1xsw2cde3vfr4"}

// runs says whether the text is mostly such walks, forwards or backwards.
func runs(s string) bool {
	r := []rune(s)
	covered := 0
	for i := 0; i < len(r); {
		n := longestRun(string(r[i:]))
		if n >= 4 {
			covered += n
			i += n
			continue
		}
		i++
	}
	return len(r)-covered < 4
}

func longestRun(s string) int {
	best := 0
	for _, row := range rows {
		for _, walk := range []string{row + row, reverse(row + row)} {
			n := best + 1
			for n <= len(s) && n <= len(walk) && strings.Contains(walk, s[:n]) {
				best, n = n, n+1
			}
		}
	}
	return utf8.RuneCountInString(s[:best])
}

func reverse(s string) string {
	r := []rune(s)
	slices.Reverse(r)
	return string(r)
}
