package web

import "agora/app/fail"

func (s *Site) openAPI(v *visit) error { return fail.Missing("web.not_found") }
