package mail

// Preview writes a letter as it would be sent now, and sends nothing.
func (s *Service) Preview(l Letter) (subject, body string, err error) {
	row, err := l.row(s.now())
	if err != nil {
		return "", "", err
	}
	subject, body = s.Render(row)
	return subject, body, nil
}
