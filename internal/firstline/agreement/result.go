package agreement

import "ostoja/internal/firstline"

// Row is a situation with the step of each of the three; "" where one of the two said nothing, as the situation came after the round.
type Row struct {
	Situation
	First, Second firstline.Urgency
}

// Apart says whether the two chose different steps.
func (r Row) Apart() bool { return r.First != r.Second }

// AgainstTable says whether both chose the same step and the table has another: there the table is worth a talk.
func (r Row) AgainstTable() bool { return r.First != "" && r.First == r.Second && r.First != r.Step }

// Result is what came out of a round.
type Result struct {
	Rows                            []Row
	Each                            Agreement // of the two with each other
	FirstWithTable, SecondWithTable Agreement
}

// AgainstTable counts the situations in which both chose the same and the table has another step.
func (r Result) AgainstTable() (n int) {
	for _, row := range r.Rows {
		if row.AgainstTable() {
			n++
		}
	}
	return n
}

// compare puts what two said beside the table's steps.
func (t *Table) compare(first, second Said) (r Result) {
	var one, other, ours []firstline.Urgency
	for _, s := range t.Situations {
		row := Row{s, first[s.ID], second[s.ID]}
		r.Rows = append(r.Rows, row)
		one, other, ours = append(one, row.First), append(other, row.Second), append(ours, s.Step)
	}
	r.Each, r.FirstWithTable, r.SecondWithTable = Agree(NewCounts(one, other)), Agree(NewCounts(one, ours)), Agree(NewCounts(other, ours))
	return r
}

// Left is how many situations somebody has not said anything of.
func (t *Table) Left(said Said) (n int) {
	for _, s := range t.Situations {
		if said[s.ID] == "" {
			n++
		}
	}
	return n
}

// Next is the number, counted from 1, of the first situation after one, and then from the beginning, of which nothing was said; 0 if none is left.
func (t *Table) Next(said Said, after int) int {
	for k := range t.Situations {
		i := (after + k) % len(t.Situations)
		if said[t.Situations[i].ID] == "" {
			return i + 1
		}
	}
	return 0
}
