package reminder

// AskFrom has the service ask twice from fewer letters on; tests have fewer people.
func (s *Service) AskFrom(n int) { s.askTwice = n }
