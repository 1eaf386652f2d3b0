package desk

// NameAtMost has candidates named one by one only where at most n are left.
func (s *Service) NameAtMost(n int) { s.few = n }

// Sorts lets tests try every order.
var Sorts = sorts
