package classroom

import "time"

// EvidenceAtLeast is how long the papers of a training are kept at least where nobody wrote down an end.
const EvidenceAtLeast = yearsUnfunded * 365 * 24 * time.Hour

const (
	// yearsFunded covers the five years from the end of the year in which the last payment was made, for which art. 82(1) of Regulation
	// (EU) 2021/1060 wants the papers of a project, where that payment comes within five years of the training.
	yearsFunded = 10
	// yearsUnfunded is how long a claim from the training can be raised (art. 118 of the Polish Civil Code: six years, to the end of the year).
	yearsUnfunded = 6
)

// EvidenceUntil returns until when, exclusive, the papers of a training are kept that ended at a time: as written down from the fund's
// agreement, else to the end of the tenth year after it, or of the sixth if no project pays for it.
func EvidenceUntil(heldUntil, written time.Time, funded bool, zone *time.Location) time.Time {
	if !written.IsZero() {
		return written
	}
	years := yearsUnfunded
	if funded {
		years = yearsFunded
	}
	return time.Date(heldUntil.In(zone).Year()+years+1, 1, 1, 0, 0, 0, 0, zone)
}
