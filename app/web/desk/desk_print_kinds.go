package desk

import (
	"agora/app/printing"
	"agora/app/web/page"
)

// Printed is everything that organisers can order to be printed in bulk.
func Printed(site *page.Site) []printing.Kind {
	return []printing.Kind{printCertificates(site)}
}
