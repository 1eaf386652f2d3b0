package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"ostoja/internal/course"
	"ostoja/internal/course/folder"
	"ostoja/internal/item"
)

type peerText struct{ Text string }

func (p *peerText) shown() string {
	if p == nil {
		return ""
	}
	return p.Text
}

// peerQuestion is a question as the peer finds it.
type peerQuestion struct {
	Type, Title, ID string
	Tags            []string
	Stem            peerText
	GlobalFeedback  *peerText
	Choices         []struct {
		IsCorrect bool
		Weight    *float64
		Text      struct {
			Text          string
			Number, Range float64
		}
		Feedback *peerText
	}
	MatchPairs []struct {
		Subquestion peerText
		Subanswer   string
	}
}

// TestAsAnotherProgramReadsGIFT has the whole bank of a course, and an item full of signs, read by the grammar of another program, which
// knows all of GIFT but ordering: whatever was written must be found.
func TestAsAnotherProgramReadsGIFT(t *testing.T) {
	modules, err := filepath.Abs("../../../node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "gift-pegjs")); err != nil {
		if os.Getenv("OSTOJA_TEST_POSTGRES") != "" { // make test installs it
			t.Fatal(err)
		}
		t.Skip("gift-pegjs is not installed (make setup)")
	}
	list := append(wholeBank(t), Item{Topic: "law", Item: item.Item{
		ID: "signs", Type: item.Multiple, Question: polish("A: =, \\~ # {b} \\\\ [c] **d**\\\ne\n\n- f"), Explanation: polish("[html] -> %50%"), NoShuffle: true,
		Options: []item.Option{
			{ID: "a", Text: polish("a = b: {c}"), Correct: true, Feedback: polish("#1 // x")}, {ID: "b", Text: polish("5 < 6 & 7"), Correct: true},
			{ID: "c", Text: polish("~~x~~ 22¹")}, {ID: "d", Text: polish("C:\\\\n")},
		},
	}})
	var files []string
	var want []string
	w := &writer{lang: "pl", format: GIFT, ids: map[string]bool{}}
	for _, it := range list {
		if it.Type == item.Order {
			continue
		}
		var b bytes.Buffer
		if _, err := Write(&b, GIFT, "pl", []Item{it}); err != nil {
			t.Fatal(err)
		}
		q, _ := w.flatten(it)
		files, want = append(files, b.String()), append(want, w.asThePeer(q))
	}
	in, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	node := exec.CommandContext(t.Context(), "node", "testdata/peer.mjs", modules)
	node.Stdin, node.Stderr = bytes.NewReader(in), os.Stderr
	out, err := node.Output()
	if err != nil {
		t.Fatal(err)
	}
	var read []struct {
		Fault     string
		Questions []peerQuestion
	}
	if err := json.Unmarshal(out, &read); err != nil {
		t.Fatalf("%v in %.500s", err, out)
	}
	for i, r := range read {
		if len(r.Questions) != 1 {
			t.Errorf("%d questions, %s, in\n%s", len(r.Questions), r.Fault, files[i])
		} else if got := r.Questions[0].shown(); got != want[i] {
			t.Errorf("the peer reads\n%s\nwant\n%s\nin\n%s", got, want[i], files[i])
		}
	}
	if len(read) < 100 {
		t.Errorf("only %d questions were asked about", len(read))
	}
}

// wholeBank returns the items of a course.
func wholeBank(t *testing.T) (list []Item) {
	fsys, err := folder.Open("../../../courses/border-guard")
	if err != nil {
		t.Fatal(err)
	}
	c, faults, err := course.Load(folder.WithPack(fsys, os.DirFS("../../../packs/pl")))
	if err != nil || len(faults) > 0 {
		t.Fatal(faults, err)
	}
	for _, id := range c.ItemIDs() {
		list = append(list, Item{Item: *c.Item(id)})
	}
	return list
}

func (p peerQuestion) shown() string {
	lines := []string{p.Type + " " + p.Title + " " + p.ID + ": " + p.Stem.Text, "tags: " + strings.Join(p.Tags, ", "), "explained: " + p.GlobalFeedback.shown()}
	for _, c := range p.Choices {
		worth := 0.0
		switch {
		case c.Weight != nil:
			worth = *c.Weight
		case c.IsCorrect:
			worth = 100
		}
		text := c.Text.Text
		if p.Type == "Numerical" {
			text = fmt.Sprint(c.Text.Number, " ± ", c.Text.Range)
		}
		lines = append(lines, text+" "+percent(worth)+" "+c.Feedback.shown())
	}
	for _, m := range p.MatchPairs {
		lines = append(lines, m.Subquestion.Text+" > "+m.Subanswer)
	}
	return strings.Join(lines, "\n")
}

// asThePeer is what the peer should find.
func (w *writer) asThePeer(q *question) string {
	kind := map[item.Type]string{item.Match: "Matching", item.Number: "Numerical", item.ShortText: "Short"}[q.kind]
	if kind == "" {
		kind = "MC"
	}
	tags := w.tags(q)
	if q.noShuffle != q.inPlace() && chosen(q.kind) {
		tags = append(tags, tagShuffle+"="+strconv.FormatBool(!q.noShuffle))
	}
	lines := []string{kind + " " + q.id + " " + q.id + ": " + q.text, "tags: " + strings.Join(tags, ", "), "explained: " + q.explanation}
	for i, o := range q.options {
		lines = append(lines, o.text+" "+percent(q.fractions()[i])+" "+o.feedback)
	}
	for _, a := range q.accept {
		lines = append(lines, a+" 100 ")
	}
	if q.kind == item.Number {
		lines = append(lines, fmt.Sprint(q.answer, " ± ", q.tolerance)+" 100 ")
	}
	for _, m := range q.pairs {
		lines = append(lines, m.left+" > "+m.right)
	}
	return strings.Join(lines, "\n")
}
