package reminder

// AskFrom has the service ask twice from fewer letters on; tests have fewer people.
func (s *Service) AskFrom(n int) { s.askTwice = n }

// Between is the least time between two reminders to one person.
const Between = between
