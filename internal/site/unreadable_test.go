package site_test

import (
	"strings"
	"testing"

	"ostoja/internal/db"
)

// A row whose opening hours no program reads (an earlier one wrote them, or a hand) takes its own place off the site and no other.
func TestUnreadableHoursTakeOnePlaceAlone(t *testing.T) {
	each(t, func(k *desk) {
		before := k.snapshot()
		broken := before.Services[0].ID
		k.no(k.d.Update(k.Context(), func(tx *db.Tx) error {
			return db.Exec(k.Context(), tx, `UPDATE site_service SET content = ? WHERE id = ?`, db.JSON(map[string]string{"ID": broken, "Hours": "every other Tuesday"}), broken)
		}))
		after := k.snapshot()
		if len(after.Services) != len(before.Services)-1 {
			k.Errorf("%d places of %d are left", len(after.Services), len(before.Services))
		}
		for _, s := range after.Services {
			if s.ID == broken || strings.Contains(s.Hours.String(), "Tuesday") {
				k.Errorf("%s is still there", s.ID)
			}
		}
	})
}
