package published

import (
	"fmt"
	"sync"
	"testing"
	"testing/fstest"

	"ostoja/internal/access"
	"ostoja/internal/clock"
	"ostoja/internal/course/coursetest"
	"ostoja/internal/db"
	"ostoja/internal/db/dbtest"
)

// TestPublishingAtOnce: of several who publish the same archive at once one makes the version and all are told of it; different archives
// become versions one after the other. It is so for a course that there is not yet, and for one that there is.
func TestPublishingAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := New(d, clock.NewFake(opening), nil)
		publish := func(folders ...fstest.MapFS) (made int, ids map[string]bool) {
			t.Helper()
			var mu sync.Mutex
			var wait sync.WaitGroup
			ids = map[string]bool{}
			for _, folder := range folders {
				wait.Go(func() {
					v, is, err := s.Publish(t.Context(), access.System, folder)
					if err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					if ids[v.ID] = true; is {
						made++
					}
				})
			}
			wait.Wait()
			return made, ids
		}
		for round := range 4 {
			folder := coursetest.With(t, coursetest.Good(t), "course.yaml", `version: "1.0.0"`, fmt.Sprintf(`version: "1.%d"`, round))
			if made, ids := publish(folder, folder, folder, folder, folder, folder, folder, folder); made != 1 || len(ids) != 1 {
				t.Errorf("round %d: %d versions were made, %d were told of", round, made, len(ids))
			}
		}
		var different []fstest.MapFS
		for i := range 6 {
			different = append(different, coursetest.With(t, coursetest.Good(t), "course.yaml", `version: "1.0.0"`, fmt.Sprintf(`version: "2.%d"`, i)))
		}
		if made, ids := publish(different...); made != len(different) || len(ids) != len(different) {
			t.Errorf("%d of %d different archives were published", made, len(different))
		}
		list, err := versionsOf(t.Context(), d, "small-course")
		if err != nil || len(list) != 4+len(different) || list[0].Number != len(list) {
			t.Errorf("%d versions, %v", len(list), err)
		}
		if e, err := s.Entry(t.Context(), "small-course"); err != nil || e.CurrentVersionID != list[0].ID {
			t.Errorf("the current version is %s, not the last, %v", e.CurrentVersionID, err)
		}
	})
}

// TestTwoCoursesWithTheSameMedia: who publishes at the same time what the other brings too, under other names, waits for nobody for ever.
func TestTwoCoursesWithTheSameMedia(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := New(d, clock.NewFake(opening), nil)
		const first, second = "media/a.en.vtt", "media/a.pl.vtt"
		for round := range 10 {
			shared := func(n int) string {
				return fmt.Sprintf("WEBVTT\n\nNOTE %d of round %d\n\n00:00.000 --> 00:01.000\nx\n", n, round)
			}
			var both sync.WaitGroup
			for turn := range 2 {
				files := coursetest.With(t, coursetest.Good(t), "course.yaml", "id: small-course", fmt.Sprintf("id: course-%d", turn))
				files = coursetest.With(t, files, "course.yaml", `version: "1.0.0"`, fmt.Sprintf(`version: "1.%d"`, round))
				files = coursetest.With(t, files, first, "", shared(turn))
				files = coursetest.With(t, files, second, "", shared(1-turn))
				both.Go(func() {
					if _, made, err := s.Publish(t.Context(), access.System, files); err != nil || !made {
						t.Errorf("round %d: %v, %v", round, made, err)
					}
				})
			}
			both.Wait()
		}
	})
}
