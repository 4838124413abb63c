package sheet

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"

	"agora/app/fail"
	"agora/app/text"
)

func problem(err error) string {
	if e, ok := fail.As(err); ok && len(e.Fields["file"]) > 0 {
		return e.Fields["file"][0].Key
	}
	if err != nil {
		return "unclassified: " + err.Error()
	}
	return ""
}

func utf16le(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}

func swapped(s string) string {
	b := []byte(s)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func TestTextFiles(t *testing.T) {
	want := Table{Header: []string{"Nimi", "Sähköposti"}, Rows: []Row{{2, []string{"Åsa Öhman", "asa@example.org"}}}}
	plain := "Nimi;Sähköposti\r\nÅsa Öhman;asa@example.org\r\n"
	for name, data := range map[string]string{
		"semicolons": plain, "commas": strings.ReplaceAll(plain, ";", ","), "tabs": strings.ReplaceAll(plain, ";", "\t"),
		"marked": "\ufeff" + plain, "no end": strings.TrimSpace(plain), "old Mac": strings.ReplaceAll(plain, "\r\n", "\r"), "Unix": strings.ReplaceAll(plain, "\r\n", "\n"),
		"UTF-16": "\xff\xfe" + utf16le(plain), "UTF-16 unmarked": utf16le("Nimi;S\u00e4hk\u00f6posti\r\n" + plain[len("Nimi;Sähköposti\r\n"):]),
		"UTF-16 big": "\xfe\xff" + swapped(utf16le(plain)), "UTF-16 big unmarked": swapped(utf16le(plain)),
		"Windows-1252": "Nimi;S\xe4hk\xf6posti\r\n\xc5sa \xd6hman;asa@example.org\r\n",
		"quoted":       "\"Nimi\";\"Sähköposti\"\r\n\"Åsa Öhman\";\"asa@example.org\"",
		"empty cells":  "Nimi;Sähköposti;;\r\nÅsa Öhman;asa@example.org;;\r\n",
	} {
		got, err := Read("list.csv", []byte(data))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestUnusualTextFiles(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want []Row
	}{
		"told separator":   {"sep=;\nName,x;Email\na;b\n", []Row{{3, []string{"a", "b"}}}},
		"told another":     {"sep=|\nName|Email\na;b|c\n", []Row{{3, []string{"a;b", "c"}}}},
		"commas in names":  {"Name;Email\nB, A;a\nD, C;c\n", []Row{{2, []string{"B, A", "a"}}, {3, []string{"D, C", "c"}}}},
		"line in a cell":   {"Name,Email\n\"a\r\nb\",c\nd,e\n", []Row{{2, []string{"a\nb", "c"}}, {4, []string{"d", "e"}}}},
		"quotes":           {"Name,Email\n\"a \"\"b\"\"\",c\nd \"e\" f,g\n\"h\" i,j\n", []Row{{2, []string{`a "b"`, "c"}}, {3, []string{`d "e" f`, "g"}}, {4, []string{`"h" i`, "j"}}}},
		"blank lines":      {"\n\nName,Email\n , \n\na,b\n,,,\n", []Row{{6, []string{"a", "b"}}}},
		"a title above":    {"Our list 2027\n\nName,Email\na,b\n", []Row{{4, []string{"a", "b"}}}},
		"short and long":   {"Name,Email,Diet\na\nb,c,d,e\nf,g,h\n", []Row{{2, []string{"a", "", ""}}, {3, []string{"b", "c", "d", "e"}}, {4, []string{"f", "g", "h"}}}},
		"one column":       {"Email\na@example.org\nb@example.org\n", []Row{{2, []string{"a@example.org"}}, {3, []string{"b@example.org"}}}},
		"inert formulas":   {"Name,Email\n'=1+1,'+358\n'tis,O'Hara\n", []Row{{2, []string{"=1+1", "+358"}}, {3, []string{"'tis", "O'Hara"}}}},
		"a hundred commas": {"Name,Email" + strings.Repeat(",", 100) + "\na,b" + strings.Repeat(",", 100) + "\n", []Row{{2, []string{"a", "b"}}}},
	} {
		got, err := Read("pasted", []byte(c.data))
		if err != nil || !reflect.DeepEqual(got.Rows, c.want) {
			t.Errorf("%s: %+v %v", name, got.Rows, err)
		}
	}
}

func TestWhatIsNoListIsRefused(t *testing.T) {
	good := bytesOf(t, book(t, [][]any{{"Name", "Email"}, {"a", "a@example.org"}}))
	lying := bytes.Clone(good)
	for i := 0; ; { // every entry of the directory claims four gigabytes less one
		at := bytes.Index(lying[i:], []byte("PK\x01\x02"))
		if at < 0 {
			break
		}
		i += at + 4
		copy(lying[i+20:], "\xfe\xff\xff\xff")
	}
	flipped := bytes.Clone(good)
	flipped[bytes.Index(flipped, []byte("xl/worksheets/sheet1.xml"))+60] ^= 0xff
	const part = "xl/worksheets/sheet1.xml"
	rows := strings.Repeat("a,b\n", MaxRows)
	for name, c := range map[string]struct{ data, want string }{
		"nothing":                 {"", "sheet.empty"},
		"only spaces":             {" \r\n\t\n;;\n", "sheet.empty"},
		"only a mark":             {"\xef\xbb\xbf", "sheet.empty"},
		"only headings":           {"Name,Email\n", "sheet.header_only"},
		"only headings, workbook": {string(bytesOf(t, book(t, [][]any{{"Name", "Email"}}))), "sheet.header_only"},
		"empty workbook":          {string(bytesOf(t, book(t))), "sheet.empty"},
		"too many rows":           {"Name,Email\n" + rows + "a,b\n", "sheet.rows"},
		"far too many rows":       {"Name,Email\n" + rows + rows, "sheet.rows"},
		"too many columns":        {"a" + strings.Repeat(",a", MaxColumns) + "\n", "sheet.columns"},
		"a million columns":       {strings.Repeat(",", 1_000_000) + "\na,b\n", "sheet.columns"},
		"too long a cell":         {"Name,Email\na," + strings.Repeat("å", MaxCell+1), "sheet.cell"},
		"open quote":              {"Name,Email\n\"a,b\nc,d\n", "sheet.quote"},
		"far open quote":          {"Name,Email\n\"a,b\n" + rows, "sheet.quote"},
		"too large":               {strings.Repeat("a,b\n", MaxFile/4+1), "sheet.too_large"},
		"web page":                {"  <!DOCTYPE html><table><tr><td>Name</td></tr></table>", "sheet.web"},
		"XML spreadsheet":         {"\ufeff<?xml version=\"1.0\"?><Workbook/>", "sheet.web"},
		"picture":                 {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "sheet.not_a_list"},
		"picture without zeros":   {"\xff\xd8\xff\xe0\x10JFIF\x01\x01\xfe", "sheet.not_a_list"},
		"PDF":                     {"%PDF-1.7\n", "sheet.not_a_list"},
		"old Excel":               {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "sheet.old"},
		"locked":                  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + utf16le("EncryptedPackage"), "sheet.locked"},
		"cut short":               {string(good[:len(good)/2]), "sheet.broken"},
		"hardly begun":            {"PK\x03\x04", "sheet.broken"},
		"a byte changed":          {string(flipped), "sheet.broken"},
		"sizes that lie":          {string(lying), "sheet.unpacked"},
		"some zip":                {string(packed(t, "photo.jpg", "x")), "sheet.not_a_list"},
		"empty zip":               {string(packed(t)), "sheet.not_a_list"},
		"OpenDocument":            {string(packed(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet")), "sheet.other"},
		"broken XML":              {string(replaced(t, good, part, "<worksheet><sheetData><row><c>")), "sheet.broken"},
		"bomb":                    {string(bomb(t, "xl/media/a.png", bombed)), "sheet.unpacked"},
		"bomb that lies":          {string(bomb(t, "xl/media/a.png", 1000)), "sheet.broken"},
		"bomb just small enough":  {string(bomb(t, part, MaxUnzipped-100)), "sheet.unpacked"},
		"many parts":              {string(packed(t, strings.Split(strings.Repeat("a,,", maxParts)+"b,,xl/workbook.xml,", ",")...)), "sheet.unpacked"},
		"wide row":                {string(replaced(t, good, part, fmt.Sprintf(sheetXML, "<row>"+strings.Repeat("<c/>", maxRowCells+1)+"</row>"))), "sheet.columns"},
		"far cell":                {string(replaced(t, good, part, fmt.Sprintf(sheetXML, `<row r="1"><c r="XFD1"><v>1</v></c></row>`))), "sheet.columns"},
		"far row":                 {string(replaced(t, good, part, fmt.Sprintf(sheetXML, `<row r="1048576"><c r="A1048576"><v>1</v></c></row>`))), "sheet.header_only"},
		"outside every sheet":     {string(replaced(t, good, part, fmt.Sprintf(sheetXML, `<row r="99999999"><c r="A99999999"><v>1</v></c></row>`))), "sheet.broken"},
		"enormous shared text":    {string(replaced(t, good, "xl/sharedStrings.xml", "<sst><si><t>"+strings.Repeat("x", maxCellBytes+1)+"</t></si></sst>")), "sheet.unpacked"},
		"enormous text":           {string(replaced(t, good, part, fmt.Sprintf(sheetXML, "<row><c><v>"+strings.Repeat("9", maxCellBytes+1)+"</v></c></row>"))), "sheet.cell"},
	} {
		if _, err := Read("list.xlsx", []byte(c.data)); problem(err) != c.want || !fail.Is(err, fail.Invalid) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := Read("people.json", []byte(`{"name":"a","email":"b"}`)); problem(err) != "sheet.not_a_list" {
		t.Errorf("JSON: %v", err)
	}
	if _, err := Read("full.csv", []byte("Name,Email\n"+rows)); err != nil {
		t.Errorf("as many rows as may be: %v", err)
	}
}

func TestRefusalsHaveWords(t *testing.T) {
	c, err := text.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		refuse("sheet.too_large", "max", 8), refuse("sheet.empty"), refuse("sheet.header_only"), refuse("sheet.rows", "max", 1), refuse("sheet.columns", "line", 1, "max", 2),
		refuse("sheet.cell", "line", 1, "max", 2), refuse("sheet.quote", "line", 1, "max", 2), refuse("sheet.not_a_list"), refuse("sheet.old"), refuse("sheet.locked"), refuse("sheet.web"),
		refuse("sheet.other"), refuse("sheet.broken"), refuse("sheet.unpacked"), refuse("sheet.no_email"), refuse("sheet.no_name"),
	} {
		e, _ := fail.As(err)
		p := e.Fields["file"][0]
		for _, l := range text.Langs {
			if s := c.T(l, p.Key, p.Args...); strings.ContainsAny(s, "⟦{") {
				t.Errorf("%s: %s", p.Key, s)
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Name,Email\n\"a\"\"b\",c\n"))
	f.Add([]byte("sep=;\n\"\n;\"\r\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Read("x", data)
		if err != nil && !fail.Is(err, fail.Invalid) {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			if len(r.Cells) < len(table.Header) || r.Line < 1 {
				t.Fatalf("%+v", r)
			}
		}
	})
}
