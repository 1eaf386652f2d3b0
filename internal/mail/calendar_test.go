package mail_test

import (
	"strings"
	"testing"

	"ostoja/internal/mail"
	"ostoja/internal/mail/mailtest"
)

// The first entry for a calendar stands in the letter, the others are attached; each says its method in its type too, and comes as it
// was written.
func TestEntriesForACalendar(t *testing.T) {
	server := mailtest.Start(t)
	sender, err := mail.NewSMTP(server.URL(), "Ostoja <ostoja@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	text := func(method string) string {
		return "BEGIN:VCALENDAR\r\nMETHOD:" + method + "\r\nSUMMARY:" + strings.Repeat("ż=", 16) + "\r\n " + strings.Repeat("ó", 30) + "\r\nEND:VCALENDAR\r\n"
	}
	m := mail.Message{To: "a@example.org", Subject: "Miejsce", Body: "Treść\n", Lang: "pl", Calendar: []mail.Entry{{"REQUEST", text("REQUEST")}, {"CANCEL", text("CANCEL")}, {"REQUEST", text("REQUEST")}}}
	if err := sender.Send(t.Context(), "x", m); err != nil {
		t.Fatal(err)
	}
	l := server.Wait(t, "a@example.org", 0)
	if strings.TrimSpace(l.Body) != "Treść" || len(l.Entries) != 3 {
		t.Fatalf("%+v", l)
	}
	for i, e := range l.Entries {
		method := m.Calendar[i].Method
		if !strings.Contains(e.Type, "method="+method) || e.Attached != (i > 0) || e.Text != m.Calendar[i].Text {
			t.Errorf("%d: %+v", i, e)
		}
	}
	if err := sender.Send(t.Context(), "y", mail.Message{To: "b@example.org", Subject: "S", Body: "B", Lang: "pl"}); err != nil {
		t.Fatal(err)
	}
	if l := server.Wait(t, "b@example.org", 0); len(l.Entries) != 0 || !strings.HasPrefix(l.Header.Get("Content-Type"), "text/plain") {
		t.Errorf("%+v", l)
	}
}
