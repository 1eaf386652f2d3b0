package firstline_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"ostoja/internal/firstline"
	"ostoja/internal/firstline/firstlinetest"
)

// What an office has recorded is there by language and question, and nowhere else.
func TestRecordingsOfAnOffice(t *testing.T) {
	k, err := firstline.Read(firstlinetest.Over(t, map[string]string{"uk/hear/food.mp3": "ID3\x04rest", "uk/hear/here.ogg": "OggS\x00", "pl/hear/food.m4a": "\x00\x00\x00\x20ftypM4A "}), firstlinetest.Noticed(t), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tag, question, name, mediaType string }{{"uk", "food", "food.mp3", "audio/mpeg"}, {"uk", "here", "here.ogg", "audio/ogg"}, {"pl", "food", "food.m4a", "audio/mp4"}} {
		if r, ok := k.Recorded(c.tag, c.question); !ok || r.Name != c.name || r.MediaType != c.mediaType || len(r.Content) == 0 {
			t.Errorf("%s in %s: %t, %q, %q", c.question, c.tag, ok, r.Name, r.MediaType)
		}
	}
	if _, ok := k.Recorded("ru", "food"); ok || len(k.Recordings("uk")) != 2 || len(k.Recordings("ru")) != 0 {
		t.Error("a recording is there that nobody made")
	}
	if shipped := firstlinetest.Shipped(t); len(shipped.Recordings("pl")) != 0 {
		t.Error("the kit that comes with the program has recordings")
	}
}

// A file that is no recording of a question is named, with what is wrong with it.
func TestFaultsOfRecordings(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"uk/hear/food.wav":   {"RIFF", "a recording is an"},
		"uk/hear/who.mp3":    {"ID3", "no such question"},
		"be/hear/food.mp3":   {"ID3", "no such question is heard in this language"},
		"uk/hear/food.mp3":   {"<html>", "not what its name says"},
		"uk/hear/food.m4a":   {"ftyp", "not what its name says"},
		"uk/hear/here.ogg":   {"OggS" + string(bytes.Repeat([]byte{0}, firstline.MostRecorded)), "at most 300000 bytes"},
		"uk/hear/doctor.ogg": {"", "not what its name says"},
	} {
		_, err := firstline.Read(firstlinetest.Over(t, map[string]string{name: c.content}), firstlinetest.Noticed(t), time.UTC)
		if err == nil || !strings.Contains(err.Error(), name+": ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	_, err := firstline.Read(firstlinetest.Over(t, map[string]string{"uk/hear/food.mp3": "ID3", "uk/hear/food.ogg": "OggS"}), firstlinetest.Noticed(t), time.UTC)
	if err == nil || !strings.Contains(err.Error(), "another recording") {
		t.Errorf("two of one question: %v", err)
	}
}
