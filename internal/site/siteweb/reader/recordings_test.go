package reader_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"ostoja/internal/db/dbtest"
	"ostoja/internal/firstline"
	"ostoja/internal/firstline/firstlinetest"
)

// What an office has recorded stands beside the questions to hear, and the page asks for it only when it is played. Pages without a
// recording may play nothing.
func TestRecordingsStandBesideTheQuestions(t *testing.T) {
	const spoken = "ID3\x04spoken"
	kit, err := firstline.Read(firstlinetest.Over(t, map[string]string{"uk/hear/food.mp3": spoken}), firstlinetest.Noticed(t), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	k := newDeskWith(t, dbtest.SQLite(t), kit)
	address := "/uk/" + kit.Hear.Code
	w, ok := k.get(address)
	if !ok {
		t.Fatal("the questions are not there")
	}
	page, err := goquery.NewDocumentFromReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	audio := page.Find("fieldset audio")
	if audio.Length() != 1 || audio.AttrOr("preload", "") != "none" || audio.AttrOr("src", "") != address+"-food.mp3" {
		t.Errorf("%d recordings, %q", audio.Length(), audio.AttrOr("src", ""))
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "media-src 'self'") {
		t.Errorf("the policy is %q", policy)
	}
	w, ok = k.get(address + "-food.mp3")
	if !ok || w.Code != http.StatusOK || w.Header().Get("Content-Type") != "audio/mpeg" || w.Header().Get("Cache-Control") != "no-store" || w.Body.String() != spoken {
		t.Errorf("the recording: %t, %d, %v, %q", ok, w.Code, w.Header(), w.Body)
	}
	w, _ = k.get("/ru/" + kit.Hear.Code)
	if strings.Contains(w.Header().Get("Content-Security-Policy"), "media-src") || strings.Contains(w.Body.String(), "<audio") {
		t.Error("a page without a recording may play something")
	}
}
