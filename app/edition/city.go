package edition

import (
	"strings"

	"agora/app/text"
)

// city is where a city lies, in degrees, and what it is called.
type city struct {
	lon, lat float64
	names    string
}

// cities are those of Finland that have a hall of this size, in both languages.
var cities = [...]city{
	{24.94, 60.17, "helsinki helsingfors"}, {24.66, 60.21, "espoo esbo"}, {25.04, 60.29, "vantaa vanda"}, {23.76, 61.50, "tampere tammerfors"},
	{22.27, 60.45, "turku åbo"}, {25.47, 65.01, "oulu uleåborg"}, {25.75, 62.24, "jyväskylä"}, {25.66, 60.98, "lahti lahtis"},
	{27.68, 62.89, "kuopio"}, {21.80, 61.49, "pori björneborg"}, {26.70, 60.87, "kouvola"}, {29.76, 62.60, "joensuu"},
	{28.19, 61.06, "lappeenranta villmanstrand"}, {21.62, 63.10, "vaasa vasa"}, {24.46, 61.00, "hämeenlinna tavastehus"}, {22.84, 62.79, "seinäjoki"},
	{25.72, 66.50, "rovaniemi"}, {27.27, 61.69, "mikkeli sankt michel"}, {21.51, 61.13, "rauma raumo"}, {26.95, 60.47, "kotka"},
	{23.12, 60.38, "salo"}, {25.66, 60.39, "porvoo borgå"}, {23.13, 63.84, "kokkola karleby"}, {24.87, 60.63, "hyvinkää hyvinge"},
	{25.10, 60.48, "järvenpää träskända"}, {27.73, 64.23, "kajaani kajana"}, {28.88, 61.87, "savonlinna nyslott"}, {24.15, 65.85, "tornio torneå"},
	{24.56, 65.74, "kemi"}, {22.68, 63.67, "pietarsaari jakobstad"}, {19.94, 60.10, "maarianhamina mariehamn"}, {22.97, 59.82, "hanko hangö"},
	{23.43, 59.98, "raasepori raseborg"}, {28.77, 61.17, "imatra"}, {27.87, 62.32, "varkaus"}, {24.48, 64.68, "raahe brahestad"},
	{27.03, 68.91, "inari enare"}, {29.19, 65.97, "kuusamo"}, {25.94, 61.21, "heinola"}, {24.08, 60.25, "lohja lojo"},
	{24.77, 60.74, "riihimäki"}, {23.63, 60.81, "forssa"}, {27.18, 63.56, "iisalmi idensalmi"}, {25.73, 62.60, "äänekoski"},
}

// CityAt tells where a city lies; found is false for one that is not known.
func CityAt(name text.Texts) (lon, lat float64, found bool) {
	for _, l := range text.Langs {
		wanted := strings.ToLower(strings.TrimSpace(name[l]))
		if wanted == "" {
			continue
		}
		for _, c := range cities {
			if strings.Contains(" "+c.names+" ", " "+wanted+" ") {
				return c.lon, c.lat, true
			}
		}
	}
	return 0, 0, false
}
