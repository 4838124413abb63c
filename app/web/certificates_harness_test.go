package web

import (
	"agora/app/certificate"
	"agora/app/paper"
	"agora/app/printing"
	"agora/app/web/page"
)

// withCertificates adds certificates and the bulk work that prints them.
func withCertificates(deps *page.Deps, announce printing.Announcer, press *paper.Press) {
	deps.Certificates = certificate.New(deps.DB, deps.Now, deps.Words, deps.Editions, deps.Program, deps.Registrations, deps.Speaking, deps.Door, deps.Files, press, deps.Config.BaseURL)
	deps.Exports["certificates"] = deps.Certificates.Export
	deps.Erasers = append([]page.Eraser{deps.Certificates.Erase}, deps.Erasers...)
	if deps.Printing == nil {
		deps.Printing = printing.New(deps.DB, deps.Now, deps.Log, deps.Files, announce)
	}
}
