package sheet

// Text and Plain are what the tests of disarmed texts ask many cases.
var (
	Text  = escape
	Plain = unescape
)

// Read returns the rows of the first sheet in which something stands, each at the place of its number.
func Read(content []byte) (rows [][]string, err error) {
	b, err := Open(content, "")
	if err != nil {
		return nil, err
	}
	for tab := range b.Tabs {
		found, err := b.Rows(tab)
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			for len(rows) < r.Number {
				rows = append(rows, nil)
			}
			rows[r.Number-1] = r.Cells
		}
		if len(rows) > 0 {
			break
		}
	}
	return rows, nil
}

// Shown returns a number as a format shows it.
func Shown(code string, n float64) string { return parseFormat(code).show(n, false) }
